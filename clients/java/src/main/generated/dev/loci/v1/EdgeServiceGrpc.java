package dev.loci.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Reads and writes single edges. Each write is a commit of its own; CommitService joins several in one.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class EdgeServiceGrpc {

  private EdgeServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "loci.v1.EdgeService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.CreateEdgeRequest,
      dev.loci.v1.CreateEdgeResponse> getCreateEdgeMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateEdge",
      requestType = dev.loci.v1.CreateEdgeRequest.class,
      responseType = dev.loci.v1.CreateEdgeResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.CreateEdgeRequest,
      dev.loci.v1.CreateEdgeResponse> getCreateEdgeMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.CreateEdgeRequest, dev.loci.v1.CreateEdgeResponse> getCreateEdgeMethod;
    if ((getCreateEdgeMethod = EdgeServiceGrpc.getCreateEdgeMethod) == null) {
      synchronized (EdgeServiceGrpc.class) {
        if ((getCreateEdgeMethod = EdgeServiceGrpc.getCreateEdgeMethod) == null) {
          EdgeServiceGrpc.getCreateEdgeMethod = getCreateEdgeMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.CreateEdgeRequest, dev.loci.v1.CreateEdgeResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateEdge"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.CreateEdgeRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.CreateEdgeResponse.getDefaultInstance()))
              .setSchemaDescriptor(new EdgeServiceMethodDescriptorSupplier("CreateEdge"))
              .build();
        }
      }
    }
    return getCreateEdgeMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.GetEdgeRequest,
      dev.loci.v1.GetEdgeResponse> getGetEdgeMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetEdge",
      requestType = dev.loci.v1.GetEdgeRequest.class,
      responseType = dev.loci.v1.GetEdgeResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.GetEdgeRequest,
      dev.loci.v1.GetEdgeResponse> getGetEdgeMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.GetEdgeRequest, dev.loci.v1.GetEdgeResponse> getGetEdgeMethod;
    if ((getGetEdgeMethod = EdgeServiceGrpc.getGetEdgeMethod) == null) {
      synchronized (EdgeServiceGrpc.class) {
        if ((getGetEdgeMethod = EdgeServiceGrpc.getGetEdgeMethod) == null) {
          EdgeServiceGrpc.getGetEdgeMethod = getGetEdgeMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.GetEdgeRequest, dev.loci.v1.GetEdgeResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetEdge"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetEdgeRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetEdgeResponse.getDefaultInstance()))
              .setSchemaDescriptor(new EdgeServiceMethodDescriptorSupplier("GetEdge"))
              .build();
        }
      }
    }
    return getGetEdgeMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.BatchGetEdgesRequest,
      dev.loci.v1.BatchGetEdgesResponse> getBatchGetEdgesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "BatchGetEdges",
      requestType = dev.loci.v1.BatchGetEdgesRequest.class,
      responseType = dev.loci.v1.BatchGetEdgesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.BatchGetEdgesRequest,
      dev.loci.v1.BatchGetEdgesResponse> getBatchGetEdgesMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.BatchGetEdgesRequest, dev.loci.v1.BatchGetEdgesResponse> getBatchGetEdgesMethod;
    if ((getBatchGetEdgesMethod = EdgeServiceGrpc.getBatchGetEdgesMethod) == null) {
      synchronized (EdgeServiceGrpc.class) {
        if ((getBatchGetEdgesMethod = EdgeServiceGrpc.getBatchGetEdgesMethod) == null) {
          EdgeServiceGrpc.getBatchGetEdgesMethod = getBatchGetEdgesMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.BatchGetEdgesRequest, dev.loci.v1.BatchGetEdgesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "BatchGetEdges"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.BatchGetEdgesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.BatchGetEdgesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new EdgeServiceMethodDescriptorSupplier("BatchGetEdges"))
              .build();
        }
      }
    }
    return getBatchGetEdgesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.ListEdgesRequest,
      dev.loci.v1.ListEdgesResponse> getListEdgesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListEdges",
      requestType = dev.loci.v1.ListEdgesRequest.class,
      responseType = dev.loci.v1.ListEdgesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.ListEdgesRequest,
      dev.loci.v1.ListEdgesResponse> getListEdgesMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.ListEdgesRequest, dev.loci.v1.ListEdgesResponse> getListEdgesMethod;
    if ((getListEdgesMethod = EdgeServiceGrpc.getListEdgesMethod) == null) {
      synchronized (EdgeServiceGrpc.class) {
        if ((getListEdgesMethod = EdgeServiceGrpc.getListEdgesMethod) == null) {
          EdgeServiceGrpc.getListEdgesMethod = getListEdgesMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.ListEdgesRequest, dev.loci.v1.ListEdgesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListEdges"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListEdgesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListEdgesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new EdgeServiceMethodDescriptorSupplier("ListEdges"))
              .build();
        }
      }
    }
    return getListEdgesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.UpdateEdgeRequest,
      dev.loci.v1.UpdateEdgeResponse> getUpdateEdgeMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateEdge",
      requestType = dev.loci.v1.UpdateEdgeRequest.class,
      responseType = dev.loci.v1.UpdateEdgeResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.UpdateEdgeRequest,
      dev.loci.v1.UpdateEdgeResponse> getUpdateEdgeMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.UpdateEdgeRequest, dev.loci.v1.UpdateEdgeResponse> getUpdateEdgeMethod;
    if ((getUpdateEdgeMethod = EdgeServiceGrpc.getUpdateEdgeMethod) == null) {
      synchronized (EdgeServiceGrpc.class) {
        if ((getUpdateEdgeMethod = EdgeServiceGrpc.getUpdateEdgeMethod) == null) {
          EdgeServiceGrpc.getUpdateEdgeMethod = getUpdateEdgeMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.UpdateEdgeRequest, dev.loci.v1.UpdateEdgeResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateEdge"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.UpdateEdgeRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.UpdateEdgeResponse.getDefaultInstance()))
              .setSchemaDescriptor(new EdgeServiceMethodDescriptorSupplier("UpdateEdge"))
              .build();
        }
      }
    }
    return getUpdateEdgeMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.DeleteEdgeRequest,
      dev.loci.v1.DeleteEdgeResponse> getDeleteEdgeMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteEdge",
      requestType = dev.loci.v1.DeleteEdgeRequest.class,
      responseType = dev.loci.v1.DeleteEdgeResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.DeleteEdgeRequest,
      dev.loci.v1.DeleteEdgeResponse> getDeleteEdgeMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.DeleteEdgeRequest, dev.loci.v1.DeleteEdgeResponse> getDeleteEdgeMethod;
    if ((getDeleteEdgeMethod = EdgeServiceGrpc.getDeleteEdgeMethod) == null) {
      synchronized (EdgeServiceGrpc.class) {
        if ((getDeleteEdgeMethod = EdgeServiceGrpc.getDeleteEdgeMethod) == null) {
          EdgeServiceGrpc.getDeleteEdgeMethod = getDeleteEdgeMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.DeleteEdgeRequest, dev.loci.v1.DeleteEdgeResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteEdge"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.DeleteEdgeRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.DeleteEdgeResponse.getDefaultInstance()))
              .setSchemaDescriptor(new EdgeServiceMethodDescriptorSupplier("DeleteEdge"))
              .build();
        }
      }
    }
    return getDeleteEdgeMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.ListEdgeRevisionsRequest,
      dev.loci.v1.ListEdgeRevisionsResponse> getListEdgeRevisionsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListEdgeRevisions",
      requestType = dev.loci.v1.ListEdgeRevisionsRequest.class,
      responseType = dev.loci.v1.ListEdgeRevisionsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.ListEdgeRevisionsRequest,
      dev.loci.v1.ListEdgeRevisionsResponse> getListEdgeRevisionsMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.ListEdgeRevisionsRequest, dev.loci.v1.ListEdgeRevisionsResponse> getListEdgeRevisionsMethod;
    if ((getListEdgeRevisionsMethod = EdgeServiceGrpc.getListEdgeRevisionsMethod) == null) {
      synchronized (EdgeServiceGrpc.class) {
        if ((getListEdgeRevisionsMethod = EdgeServiceGrpc.getListEdgeRevisionsMethod) == null) {
          EdgeServiceGrpc.getListEdgeRevisionsMethod = getListEdgeRevisionsMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.ListEdgeRevisionsRequest, dev.loci.v1.ListEdgeRevisionsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListEdgeRevisions"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListEdgeRevisionsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListEdgeRevisionsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new EdgeServiceMethodDescriptorSupplier("ListEdgeRevisions"))
              .build();
        }
      }
    }
    return getListEdgeRevisionsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.RestoreEdgeRequest,
      dev.loci.v1.RestoreEdgeResponse> getRestoreEdgeMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RestoreEdge",
      requestType = dev.loci.v1.RestoreEdgeRequest.class,
      responseType = dev.loci.v1.RestoreEdgeResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.RestoreEdgeRequest,
      dev.loci.v1.RestoreEdgeResponse> getRestoreEdgeMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.RestoreEdgeRequest, dev.loci.v1.RestoreEdgeResponse> getRestoreEdgeMethod;
    if ((getRestoreEdgeMethod = EdgeServiceGrpc.getRestoreEdgeMethod) == null) {
      synchronized (EdgeServiceGrpc.class) {
        if ((getRestoreEdgeMethod = EdgeServiceGrpc.getRestoreEdgeMethod) == null) {
          EdgeServiceGrpc.getRestoreEdgeMethod = getRestoreEdgeMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.RestoreEdgeRequest, dev.loci.v1.RestoreEdgeResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RestoreEdge"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.RestoreEdgeRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.RestoreEdgeResponse.getDefaultInstance()))
              .setSchemaDescriptor(new EdgeServiceMethodDescriptorSupplier("RestoreEdge"))
              .build();
        }
      }
    }
    return getRestoreEdgeMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static EdgeServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<EdgeServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<EdgeServiceStub>() {
        @java.lang.Override
        public EdgeServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new EdgeServiceStub(channel, callOptions);
        }
      };
    return EdgeServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static EdgeServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<EdgeServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<EdgeServiceBlockingV2Stub>() {
        @java.lang.Override
        public EdgeServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new EdgeServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return EdgeServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static EdgeServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<EdgeServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<EdgeServiceBlockingStub>() {
        @java.lang.Override
        public EdgeServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new EdgeServiceBlockingStub(channel, callOptions);
        }
      };
    return EdgeServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static EdgeServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<EdgeServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<EdgeServiceFutureStub>() {
        @java.lang.Override
        public EdgeServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new EdgeServiceFutureStub(channel, callOptions);
        }
      };
    return EdgeServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Reads and writes single edges. Each write is a commit of its own; CommitService joins several in one.
   * </pre>
   */
  public interface AsyncService {

    /**
     */
    default void createEdge(dev.loci.v1.CreateEdgeRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.CreateEdgeResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateEdgeMethod(), responseObserver);
    }

    /**
     */
    default void getEdge(dev.loci.v1.GetEdgeRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetEdgeResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetEdgeMethod(), responseObserver);
    }

    /**
     */
    default void batchGetEdges(dev.loci.v1.BatchGetEdgesRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.BatchGetEdgesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getBatchGetEdgesMethod(), responseObserver);
    }

    /**
     */
    default void listEdges(dev.loci.v1.ListEdgesRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListEdgesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListEdgesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Properties are merged (RFC 7396): a null deletes its key, keys that are not named stay.
     * </pre>
     */
    default void updateEdge(dev.loci.v1.UpdateEdgeRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.UpdateEdgeResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateEdgeMethod(), responseObserver);
    }

    /**
     */
    default void deleteEdge(dev.loci.v1.DeleteEdgeRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.DeleteEdgeResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteEdgeMethod(), responseObserver);
    }

    /**
     * <pre>
     * What happened to the edge, latest first; also of one that is deleted.
     * </pre>
     */
    default void listEdgeRevisions(dev.loci.v1.ListEdgeRevisionsRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListEdgeRevisionsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListEdgeRevisionsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Writes the edge as it was at a revision, by a new commit; one that was deleted is there again.
     * </pre>
     */
    default void restoreEdge(dev.loci.v1.RestoreEdgeRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.RestoreEdgeResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRestoreEdgeMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service EdgeService.
   * <pre>
   * Reads and writes single edges. Each write is a commit of its own; CommitService joins several in one.
   * </pre>
   */
  public static abstract class EdgeServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return EdgeServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service EdgeService.
   * <pre>
   * Reads and writes single edges. Each write is a commit of its own; CommitService joins several in one.
   * </pre>
   */
  public static final class EdgeServiceStub
      extends io.grpc.stub.AbstractAsyncStub<EdgeServiceStub> {
    private EdgeServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected EdgeServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new EdgeServiceStub(channel, callOptions);
    }

    /**
     */
    public void createEdge(dev.loci.v1.CreateEdgeRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.CreateEdgeResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateEdgeMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     */
    public void getEdge(dev.loci.v1.GetEdgeRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetEdgeResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetEdgeMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     */
    public void batchGetEdges(dev.loci.v1.BatchGetEdgesRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.BatchGetEdgesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getBatchGetEdgesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     */
    public void listEdges(dev.loci.v1.ListEdgesRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListEdgesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListEdgesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Properties are merged (RFC 7396): a null deletes its key, keys that are not named stay.
     * </pre>
     */
    public void updateEdge(dev.loci.v1.UpdateEdgeRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.UpdateEdgeResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateEdgeMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     */
    public void deleteEdge(dev.loci.v1.DeleteEdgeRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.DeleteEdgeResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteEdgeMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * What happened to the edge, latest first; also of one that is deleted.
     * </pre>
     */
    public void listEdgeRevisions(dev.loci.v1.ListEdgeRevisionsRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListEdgeRevisionsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListEdgeRevisionsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Writes the edge as it was at a revision, by a new commit; one that was deleted is there again.
     * </pre>
     */
    public void restoreEdge(dev.loci.v1.RestoreEdgeRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.RestoreEdgeResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRestoreEdgeMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service EdgeService.
   * <pre>
   * Reads and writes single edges. Each write is a commit of its own; CommitService joins several in one.
   * </pre>
   */
  public static final class EdgeServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<EdgeServiceBlockingV2Stub> {
    private EdgeServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected EdgeServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new EdgeServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     */
    public dev.loci.v1.CreateEdgeResponse createEdge(dev.loci.v1.CreateEdgeRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreateEdgeMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.GetEdgeResponse getEdge(dev.loci.v1.GetEdgeRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetEdgeMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.BatchGetEdgesResponse batchGetEdges(dev.loci.v1.BatchGetEdgesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getBatchGetEdgesMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.ListEdgesResponse listEdges(dev.loci.v1.ListEdgesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListEdgesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Properties are merged (RFC 7396): a null deletes its key, keys that are not named stay.
     * </pre>
     */
    public dev.loci.v1.UpdateEdgeResponse updateEdge(dev.loci.v1.UpdateEdgeRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateEdgeMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.DeleteEdgeResponse deleteEdge(dev.loci.v1.DeleteEdgeRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteEdgeMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * What happened to the edge, latest first; also of one that is deleted.
     * </pre>
     */
    public dev.loci.v1.ListEdgeRevisionsResponse listEdgeRevisions(dev.loci.v1.ListEdgeRevisionsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListEdgeRevisionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Writes the edge as it was at a revision, by a new commit; one that was deleted is there again.
     * </pre>
     */
    public dev.loci.v1.RestoreEdgeResponse restoreEdge(dev.loci.v1.RestoreEdgeRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRestoreEdgeMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service EdgeService.
   * <pre>
   * Reads and writes single edges. Each write is a commit of its own; CommitService joins several in one.
   * </pre>
   */
  public static final class EdgeServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<EdgeServiceBlockingStub> {
    private EdgeServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected EdgeServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new EdgeServiceBlockingStub(channel, callOptions);
    }

    /**
     */
    public dev.loci.v1.CreateEdgeResponse createEdge(dev.loci.v1.CreateEdgeRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateEdgeMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.GetEdgeResponse getEdge(dev.loci.v1.GetEdgeRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetEdgeMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.BatchGetEdgesResponse batchGetEdges(dev.loci.v1.BatchGetEdgesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getBatchGetEdgesMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.ListEdgesResponse listEdges(dev.loci.v1.ListEdgesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListEdgesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Properties are merged (RFC 7396): a null deletes its key, keys that are not named stay.
     * </pre>
     */
    public dev.loci.v1.UpdateEdgeResponse updateEdge(dev.loci.v1.UpdateEdgeRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateEdgeMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.DeleteEdgeResponse deleteEdge(dev.loci.v1.DeleteEdgeRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteEdgeMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * What happened to the edge, latest first; also of one that is deleted.
     * </pre>
     */
    public dev.loci.v1.ListEdgeRevisionsResponse listEdgeRevisions(dev.loci.v1.ListEdgeRevisionsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListEdgeRevisionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Writes the edge as it was at a revision, by a new commit; one that was deleted is there again.
     * </pre>
     */
    public dev.loci.v1.RestoreEdgeResponse restoreEdge(dev.loci.v1.RestoreEdgeRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRestoreEdgeMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service EdgeService.
   * <pre>
   * Reads and writes single edges. Each write is a commit of its own; CommitService joins several in one.
   * </pre>
   */
  public static final class EdgeServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<EdgeServiceFutureStub> {
    private EdgeServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected EdgeServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new EdgeServiceFutureStub(channel, callOptions);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.CreateEdgeResponse> createEdge(
        dev.loci.v1.CreateEdgeRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateEdgeMethod(), getCallOptions()), request);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.GetEdgeResponse> getEdge(
        dev.loci.v1.GetEdgeRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetEdgeMethod(), getCallOptions()), request);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.BatchGetEdgesResponse> batchGetEdges(
        dev.loci.v1.BatchGetEdgesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getBatchGetEdgesMethod(), getCallOptions()), request);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.ListEdgesResponse> listEdges(
        dev.loci.v1.ListEdgesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListEdgesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Properties are merged (RFC 7396): a null deletes its key, keys that are not named stay.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.UpdateEdgeResponse> updateEdge(
        dev.loci.v1.UpdateEdgeRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateEdgeMethod(), getCallOptions()), request);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.DeleteEdgeResponse> deleteEdge(
        dev.loci.v1.DeleteEdgeRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteEdgeMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * What happened to the edge, latest first; also of one that is deleted.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.ListEdgeRevisionsResponse> listEdgeRevisions(
        dev.loci.v1.ListEdgeRevisionsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListEdgeRevisionsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Writes the edge as it was at a revision, by a new commit; one that was deleted is there again.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.RestoreEdgeResponse> restoreEdge(
        dev.loci.v1.RestoreEdgeRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRestoreEdgeMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_CREATE_EDGE = 0;
  private static final int METHODID_GET_EDGE = 1;
  private static final int METHODID_BATCH_GET_EDGES = 2;
  private static final int METHODID_LIST_EDGES = 3;
  private static final int METHODID_UPDATE_EDGE = 4;
  private static final int METHODID_DELETE_EDGE = 5;
  private static final int METHODID_LIST_EDGE_REVISIONS = 6;
  private static final int METHODID_RESTORE_EDGE = 7;

  private static final class MethodHandlers<Req, Resp> implements
      io.grpc.stub.ServerCalls.UnaryMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ServerStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ClientStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.BidiStreamingMethod<Req, Resp> {
    private final AsyncService serviceImpl;
    private final int methodId;

    MethodHandlers(AsyncService serviceImpl, int methodId) {
      this.serviceImpl = serviceImpl;
      this.methodId = methodId;
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public void invoke(Req request, io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        case METHODID_CREATE_EDGE:
          serviceImpl.createEdge((dev.loci.v1.CreateEdgeRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.CreateEdgeResponse>) responseObserver);
          break;
        case METHODID_GET_EDGE:
          serviceImpl.getEdge((dev.loci.v1.GetEdgeRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.GetEdgeResponse>) responseObserver);
          break;
        case METHODID_BATCH_GET_EDGES:
          serviceImpl.batchGetEdges((dev.loci.v1.BatchGetEdgesRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.BatchGetEdgesResponse>) responseObserver);
          break;
        case METHODID_LIST_EDGES:
          serviceImpl.listEdges((dev.loci.v1.ListEdgesRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.ListEdgesResponse>) responseObserver);
          break;
        case METHODID_UPDATE_EDGE:
          serviceImpl.updateEdge((dev.loci.v1.UpdateEdgeRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.UpdateEdgeResponse>) responseObserver);
          break;
        case METHODID_DELETE_EDGE:
          serviceImpl.deleteEdge((dev.loci.v1.DeleteEdgeRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.DeleteEdgeResponse>) responseObserver);
          break;
        case METHODID_LIST_EDGE_REVISIONS:
          serviceImpl.listEdgeRevisions((dev.loci.v1.ListEdgeRevisionsRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.ListEdgeRevisionsResponse>) responseObserver);
          break;
        case METHODID_RESTORE_EDGE:
          serviceImpl.restoreEdge((dev.loci.v1.RestoreEdgeRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.RestoreEdgeResponse>) responseObserver);
          break;
        default:
          throw new AssertionError();
      }
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public io.grpc.stub.StreamObserver<Req> invoke(
        io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getCreateEdgeMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.CreateEdgeRequest,
              dev.loci.v1.CreateEdgeResponse>(
                service, METHODID_CREATE_EDGE)))
        .addMethod(
          getGetEdgeMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.GetEdgeRequest,
              dev.loci.v1.GetEdgeResponse>(
                service, METHODID_GET_EDGE)))
        .addMethod(
          getBatchGetEdgesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.BatchGetEdgesRequest,
              dev.loci.v1.BatchGetEdgesResponse>(
                service, METHODID_BATCH_GET_EDGES)))
        .addMethod(
          getListEdgesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.ListEdgesRequest,
              dev.loci.v1.ListEdgesResponse>(
                service, METHODID_LIST_EDGES)))
        .addMethod(
          getUpdateEdgeMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.UpdateEdgeRequest,
              dev.loci.v1.UpdateEdgeResponse>(
                service, METHODID_UPDATE_EDGE)))
        .addMethod(
          getDeleteEdgeMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.DeleteEdgeRequest,
              dev.loci.v1.DeleteEdgeResponse>(
                service, METHODID_DELETE_EDGE)))
        .addMethod(
          getListEdgeRevisionsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.ListEdgeRevisionsRequest,
              dev.loci.v1.ListEdgeRevisionsResponse>(
                service, METHODID_LIST_EDGE_REVISIONS)))
        .addMethod(
          getRestoreEdgeMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.RestoreEdgeRequest,
              dev.loci.v1.RestoreEdgeResponse>(
                service, METHODID_RESTORE_EDGE)))
        .build();
  }

  private static abstract class EdgeServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    EdgeServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.loci.v1.EdgeServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("EdgeService");
    }
  }

  private static final class EdgeServiceFileDescriptorSupplier
      extends EdgeServiceBaseDescriptorSupplier {
    EdgeServiceFileDescriptorSupplier() {}
  }

  private static final class EdgeServiceMethodDescriptorSupplier
      extends EdgeServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    EdgeServiceMethodDescriptorSupplier(java.lang.String methodName) {
      this.methodName = methodName;
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.MethodDescriptor getMethodDescriptor() {
      return getServiceDescriptor().findMethodByName(methodName);
    }
  }

  private static volatile io.grpc.ServiceDescriptor serviceDescriptor;

  public static io.grpc.ServiceDescriptor getServiceDescriptor() {
    io.grpc.ServiceDescriptor result = serviceDescriptor;
    if (result == null) {
      synchronized (EdgeServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new EdgeServiceFileDescriptorSupplier())
              .addMethod(getCreateEdgeMethod())
              .addMethod(getGetEdgeMethod())
              .addMethod(getBatchGetEdgesMethod())
              .addMethod(getListEdgesMethod())
              .addMethod(getUpdateEdgeMethod())
              .addMethod(getDeleteEdgeMethod())
              .addMethod(getListEdgeRevisionsMethod())
              .addMethod(getRestoreEdgeMethod())
              .build();
        }
      }
    }
    return result;
  }
}
