package dev.loci.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Makes, finds and removes graphs.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class GraphServiceGrpc {

  private GraphServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "loci.v1.GraphService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.CreateGraphRequest,
      dev.loci.v1.CreateGraphResponse> getCreateGraphMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateGraph",
      requestType = dev.loci.v1.CreateGraphRequest.class,
      responseType = dev.loci.v1.CreateGraphResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.CreateGraphRequest,
      dev.loci.v1.CreateGraphResponse> getCreateGraphMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.CreateGraphRequest, dev.loci.v1.CreateGraphResponse> getCreateGraphMethod;
    if ((getCreateGraphMethod = GraphServiceGrpc.getCreateGraphMethod) == null) {
      synchronized (GraphServiceGrpc.class) {
        if ((getCreateGraphMethod = GraphServiceGrpc.getCreateGraphMethod) == null) {
          GraphServiceGrpc.getCreateGraphMethod = getCreateGraphMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.CreateGraphRequest, dev.loci.v1.CreateGraphResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateGraph"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.CreateGraphRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.CreateGraphResponse.getDefaultInstance()))
              .setSchemaDescriptor(new GraphServiceMethodDescriptorSupplier("CreateGraph"))
              .build();
        }
      }
    }
    return getCreateGraphMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.GetGraphRequest,
      dev.loci.v1.GetGraphResponse> getGetGraphMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetGraph",
      requestType = dev.loci.v1.GetGraphRequest.class,
      responseType = dev.loci.v1.GetGraphResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.GetGraphRequest,
      dev.loci.v1.GetGraphResponse> getGetGraphMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.GetGraphRequest, dev.loci.v1.GetGraphResponse> getGetGraphMethod;
    if ((getGetGraphMethod = GraphServiceGrpc.getGetGraphMethod) == null) {
      synchronized (GraphServiceGrpc.class) {
        if ((getGetGraphMethod = GraphServiceGrpc.getGetGraphMethod) == null) {
          GraphServiceGrpc.getGetGraphMethod = getGetGraphMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.GetGraphRequest, dev.loci.v1.GetGraphResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetGraph"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetGraphRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetGraphResponse.getDefaultInstance()))
              .setSchemaDescriptor(new GraphServiceMethodDescriptorSupplier("GetGraph"))
              .build();
        }
      }
    }
    return getGetGraphMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.ListGraphsRequest,
      dev.loci.v1.ListGraphsResponse> getListGraphsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListGraphs",
      requestType = dev.loci.v1.ListGraphsRequest.class,
      responseType = dev.loci.v1.ListGraphsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.ListGraphsRequest,
      dev.loci.v1.ListGraphsResponse> getListGraphsMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.ListGraphsRequest, dev.loci.v1.ListGraphsResponse> getListGraphsMethod;
    if ((getListGraphsMethod = GraphServiceGrpc.getListGraphsMethod) == null) {
      synchronized (GraphServiceGrpc.class) {
        if ((getListGraphsMethod = GraphServiceGrpc.getListGraphsMethod) == null) {
          GraphServiceGrpc.getListGraphsMethod = getListGraphsMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.ListGraphsRequest, dev.loci.v1.ListGraphsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListGraphs"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListGraphsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListGraphsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new GraphServiceMethodDescriptorSupplier("ListGraphs"))
              .build();
        }
      }
    }
    return getListGraphsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.UpdateGraphRequest,
      dev.loci.v1.UpdateGraphResponse> getUpdateGraphMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateGraph",
      requestType = dev.loci.v1.UpdateGraphRequest.class,
      responseType = dev.loci.v1.UpdateGraphResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.UpdateGraphRequest,
      dev.loci.v1.UpdateGraphResponse> getUpdateGraphMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.UpdateGraphRequest, dev.loci.v1.UpdateGraphResponse> getUpdateGraphMethod;
    if ((getUpdateGraphMethod = GraphServiceGrpc.getUpdateGraphMethod) == null) {
      synchronized (GraphServiceGrpc.class) {
        if ((getUpdateGraphMethod = GraphServiceGrpc.getUpdateGraphMethod) == null) {
          GraphServiceGrpc.getUpdateGraphMethod = getUpdateGraphMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.UpdateGraphRequest, dev.loci.v1.UpdateGraphResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateGraph"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.UpdateGraphRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.UpdateGraphResponse.getDefaultInstance()))
              .setSchemaDescriptor(new GraphServiceMethodDescriptorSupplier("UpdateGraph"))
              .build();
        }
      }
    }
    return getUpdateGraphMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.DeleteGraphRequest,
      dev.loci.v1.DeleteGraphResponse> getDeleteGraphMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteGraph",
      requestType = dev.loci.v1.DeleteGraphRequest.class,
      responseType = dev.loci.v1.DeleteGraphResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.DeleteGraphRequest,
      dev.loci.v1.DeleteGraphResponse> getDeleteGraphMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.DeleteGraphRequest, dev.loci.v1.DeleteGraphResponse> getDeleteGraphMethod;
    if ((getDeleteGraphMethod = GraphServiceGrpc.getDeleteGraphMethod) == null) {
      synchronized (GraphServiceGrpc.class) {
        if ((getDeleteGraphMethod = GraphServiceGrpc.getDeleteGraphMethod) == null) {
          GraphServiceGrpc.getDeleteGraphMethod = getDeleteGraphMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.DeleteGraphRequest, dev.loci.v1.DeleteGraphResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteGraph"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.DeleteGraphRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.DeleteGraphResponse.getDefaultInstance()))
              .setSchemaDescriptor(new GraphServiceMethodDescriptorSupplier("DeleteGraph"))
              .build();
        }
      }
    }
    return getDeleteGraphMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.UndeleteGraphRequest,
      dev.loci.v1.UndeleteGraphResponse> getUndeleteGraphMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UndeleteGraph",
      requestType = dev.loci.v1.UndeleteGraphRequest.class,
      responseType = dev.loci.v1.UndeleteGraphResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.UndeleteGraphRequest,
      dev.loci.v1.UndeleteGraphResponse> getUndeleteGraphMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.UndeleteGraphRequest, dev.loci.v1.UndeleteGraphResponse> getUndeleteGraphMethod;
    if ((getUndeleteGraphMethod = GraphServiceGrpc.getUndeleteGraphMethod) == null) {
      synchronized (GraphServiceGrpc.class) {
        if ((getUndeleteGraphMethod = GraphServiceGrpc.getUndeleteGraphMethod) == null) {
          GraphServiceGrpc.getUndeleteGraphMethod = getUndeleteGraphMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.UndeleteGraphRequest, dev.loci.v1.UndeleteGraphResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UndeleteGraph"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.UndeleteGraphRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.UndeleteGraphResponse.getDefaultInstance()))
              .setSchemaDescriptor(new GraphServiceMethodDescriptorSupplier("UndeleteGraph"))
              .build();
        }
      }
    }
    return getUndeleteGraphMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.EraseGraphRequest,
      dev.loci.v1.EraseGraphResponse> getEraseGraphMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "EraseGraph",
      requestType = dev.loci.v1.EraseGraphRequest.class,
      responseType = dev.loci.v1.EraseGraphResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.EraseGraphRequest,
      dev.loci.v1.EraseGraphResponse> getEraseGraphMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.EraseGraphRequest, dev.loci.v1.EraseGraphResponse> getEraseGraphMethod;
    if ((getEraseGraphMethod = GraphServiceGrpc.getEraseGraphMethod) == null) {
      synchronized (GraphServiceGrpc.class) {
        if ((getEraseGraphMethod = GraphServiceGrpc.getEraseGraphMethod) == null) {
          GraphServiceGrpc.getEraseGraphMethod = getEraseGraphMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.EraseGraphRequest, dev.loci.v1.EraseGraphResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "EraseGraph"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.EraseGraphRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.EraseGraphResponse.getDefaultInstance()))
              .setSchemaDescriptor(new GraphServiceMethodDescriptorSupplier("EraseGraph"))
              .build();
        }
      }
    }
    return getEraseGraphMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.GetGraphStatsRequest,
      dev.loci.v1.GetGraphStatsResponse> getGetGraphStatsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetGraphStats",
      requestType = dev.loci.v1.GetGraphStatsRequest.class,
      responseType = dev.loci.v1.GetGraphStatsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.GetGraphStatsRequest,
      dev.loci.v1.GetGraphStatsResponse> getGetGraphStatsMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.GetGraphStatsRequest, dev.loci.v1.GetGraphStatsResponse> getGetGraphStatsMethod;
    if ((getGetGraphStatsMethod = GraphServiceGrpc.getGetGraphStatsMethod) == null) {
      synchronized (GraphServiceGrpc.class) {
        if ((getGetGraphStatsMethod = GraphServiceGrpc.getGetGraphStatsMethod) == null) {
          GraphServiceGrpc.getGetGraphStatsMethod = getGetGraphStatsMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.GetGraphStatsRequest, dev.loci.v1.GetGraphStatsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetGraphStats"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetGraphStatsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetGraphStatsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new GraphServiceMethodDescriptorSupplier("GetGraphStats"))
              .build();
        }
      }
    }
    return getGetGraphStatsMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static GraphServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<GraphServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<GraphServiceStub>() {
        @java.lang.Override
        public GraphServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new GraphServiceStub(channel, callOptions);
        }
      };
    return GraphServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static GraphServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<GraphServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<GraphServiceBlockingV2Stub>() {
        @java.lang.Override
        public GraphServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new GraphServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return GraphServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static GraphServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<GraphServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<GraphServiceBlockingStub>() {
        @java.lang.Override
        public GraphServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new GraphServiceBlockingStub(channel, callOptions);
        }
      };
    return GraphServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static GraphServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<GraphServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<GraphServiceFutureStub>() {
        @java.lang.Override
        public GraphServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new GraphServiceFutureStub(channel, callOptions);
        }
      };
    return GraphServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Makes, finds and removes graphs.
   * </pre>
   */
  public interface AsyncService {

    /**
     */
    default void createGraph(dev.loci.v1.CreateGraphRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.CreateGraphResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateGraphMethod(), responseObserver);
    }

    /**
     */
    default void getGraph(dev.loci.v1.GetGraphRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetGraphResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetGraphMethod(), responseObserver);
    }

    /**
     */
    default void listGraphs(dev.loci.v1.ListGraphsRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListGraphsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListGraphsMethod(), responseObserver);
    }

    /**
     */
    default void updateGraph(dev.loci.v1.UpdateGraphRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.UpdateGraphResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateGraphMethod(), responseObserver);
    }

    /**
     * <pre>
     * Hides the graph and all in it. UndeleteGraph brings it back whole.
     * </pre>
     */
    default void deleteGraph(dev.loci.v1.DeleteGraphRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.DeleteGraphResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteGraphMethod(), responseObserver);
    }

    /**
     */
    default void undeleteGraph(dev.loci.v1.UndeleteGraphRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.UndeleteGraphResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUndeleteGraphMethod(), responseObserver);
    }

    /**
     * <pre>
     * Destroys the graph's keys and removes all that is stored of it, its history, too. Its keys are gone when this is answered;
     * GetErasure tells how far the rest is, and gives the signed receipt. There is no way back. A new graph may have the same
     * id once its rows are removed. Needs ADMIN.
     * </pre>
     */
    default void eraseGraph(dev.loci.v1.EraseGraphRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.EraseGraphResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getEraseGraphMethod(), responseObserver);
    }

    /**
     */
    default void getGraphStats(dev.loci.v1.GetGraphStatsRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetGraphStatsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetGraphStatsMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service GraphService.
   * <pre>
   * Makes, finds and removes graphs.
   * </pre>
   */
  public static abstract class GraphServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return GraphServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service GraphService.
   * <pre>
   * Makes, finds and removes graphs.
   * </pre>
   */
  public static final class GraphServiceStub
      extends io.grpc.stub.AbstractAsyncStub<GraphServiceStub> {
    private GraphServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected GraphServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new GraphServiceStub(channel, callOptions);
    }

    /**
     */
    public void createGraph(dev.loci.v1.CreateGraphRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.CreateGraphResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateGraphMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     */
    public void getGraph(dev.loci.v1.GetGraphRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetGraphResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetGraphMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     */
    public void listGraphs(dev.loci.v1.ListGraphsRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListGraphsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListGraphsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     */
    public void updateGraph(dev.loci.v1.UpdateGraphRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.UpdateGraphResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateGraphMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Hides the graph and all in it. UndeleteGraph brings it back whole.
     * </pre>
     */
    public void deleteGraph(dev.loci.v1.DeleteGraphRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.DeleteGraphResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteGraphMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     */
    public void undeleteGraph(dev.loci.v1.UndeleteGraphRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.UndeleteGraphResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUndeleteGraphMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Destroys the graph's keys and removes all that is stored of it, its history, too. Its keys are gone when this is answered;
     * GetErasure tells how far the rest is, and gives the signed receipt. There is no way back. A new graph may have the same
     * id once its rows are removed. Needs ADMIN.
     * </pre>
     */
    public void eraseGraph(dev.loci.v1.EraseGraphRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.EraseGraphResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getEraseGraphMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     */
    public void getGraphStats(dev.loci.v1.GetGraphStatsRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetGraphStatsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetGraphStatsMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service GraphService.
   * <pre>
   * Makes, finds and removes graphs.
   * </pre>
   */
  public static final class GraphServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<GraphServiceBlockingV2Stub> {
    private GraphServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected GraphServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new GraphServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     */
    public dev.loci.v1.CreateGraphResponse createGraph(dev.loci.v1.CreateGraphRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreateGraphMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.GetGraphResponse getGraph(dev.loci.v1.GetGraphRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetGraphMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.ListGraphsResponse listGraphs(dev.loci.v1.ListGraphsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListGraphsMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.UpdateGraphResponse updateGraph(dev.loci.v1.UpdateGraphRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateGraphMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Hides the graph and all in it. UndeleteGraph brings it back whole.
     * </pre>
     */
    public dev.loci.v1.DeleteGraphResponse deleteGraph(dev.loci.v1.DeleteGraphRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteGraphMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.UndeleteGraphResponse undeleteGraph(dev.loci.v1.UndeleteGraphRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUndeleteGraphMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Destroys the graph's keys and removes all that is stored of it, its history, too. Its keys are gone when this is answered;
     * GetErasure tells how far the rest is, and gives the signed receipt. There is no way back. A new graph may have the same
     * id once its rows are removed. Needs ADMIN.
     * </pre>
     */
    public dev.loci.v1.EraseGraphResponse eraseGraph(dev.loci.v1.EraseGraphRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getEraseGraphMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.GetGraphStatsResponse getGraphStats(dev.loci.v1.GetGraphStatsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetGraphStatsMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service GraphService.
   * <pre>
   * Makes, finds and removes graphs.
   * </pre>
   */
  public static final class GraphServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<GraphServiceBlockingStub> {
    private GraphServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected GraphServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new GraphServiceBlockingStub(channel, callOptions);
    }

    /**
     */
    public dev.loci.v1.CreateGraphResponse createGraph(dev.loci.v1.CreateGraphRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateGraphMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.GetGraphResponse getGraph(dev.loci.v1.GetGraphRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetGraphMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.ListGraphsResponse listGraphs(dev.loci.v1.ListGraphsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListGraphsMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.UpdateGraphResponse updateGraph(dev.loci.v1.UpdateGraphRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateGraphMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Hides the graph and all in it. UndeleteGraph brings it back whole.
     * </pre>
     */
    public dev.loci.v1.DeleteGraphResponse deleteGraph(dev.loci.v1.DeleteGraphRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteGraphMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.UndeleteGraphResponse undeleteGraph(dev.loci.v1.UndeleteGraphRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUndeleteGraphMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Destroys the graph's keys and removes all that is stored of it, its history, too. Its keys are gone when this is answered;
     * GetErasure tells how far the rest is, and gives the signed receipt. There is no way back. A new graph may have the same
     * id once its rows are removed. Needs ADMIN.
     * </pre>
     */
    public dev.loci.v1.EraseGraphResponse eraseGraph(dev.loci.v1.EraseGraphRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getEraseGraphMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.GetGraphStatsResponse getGraphStats(dev.loci.v1.GetGraphStatsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetGraphStatsMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service GraphService.
   * <pre>
   * Makes, finds and removes graphs.
   * </pre>
   */
  public static final class GraphServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<GraphServiceFutureStub> {
    private GraphServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected GraphServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new GraphServiceFutureStub(channel, callOptions);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.CreateGraphResponse> createGraph(
        dev.loci.v1.CreateGraphRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateGraphMethod(), getCallOptions()), request);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.GetGraphResponse> getGraph(
        dev.loci.v1.GetGraphRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetGraphMethod(), getCallOptions()), request);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.ListGraphsResponse> listGraphs(
        dev.loci.v1.ListGraphsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListGraphsMethod(), getCallOptions()), request);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.UpdateGraphResponse> updateGraph(
        dev.loci.v1.UpdateGraphRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateGraphMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Hides the graph and all in it. UndeleteGraph brings it back whole.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.DeleteGraphResponse> deleteGraph(
        dev.loci.v1.DeleteGraphRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteGraphMethod(), getCallOptions()), request);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.UndeleteGraphResponse> undeleteGraph(
        dev.loci.v1.UndeleteGraphRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUndeleteGraphMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Destroys the graph's keys and removes all that is stored of it, its history, too. Its keys are gone when this is answered;
     * GetErasure tells how far the rest is, and gives the signed receipt. There is no way back. A new graph may have the same
     * id once its rows are removed. Needs ADMIN.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.EraseGraphResponse> eraseGraph(
        dev.loci.v1.EraseGraphRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getEraseGraphMethod(), getCallOptions()), request);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.GetGraphStatsResponse> getGraphStats(
        dev.loci.v1.GetGraphStatsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetGraphStatsMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_CREATE_GRAPH = 0;
  private static final int METHODID_GET_GRAPH = 1;
  private static final int METHODID_LIST_GRAPHS = 2;
  private static final int METHODID_UPDATE_GRAPH = 3;
  private static final int METHODID_DELETE_GRAPH = 4;
  private static final int METHODID_UNDELETE_GRAPH = 5;
  private static final int METHODID_ERASE_GRAPH = 6;
  private static final int METHODID_GET_GRAPH_STATS = 7;

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
        case METHODID_CREATE_GRAPH:
          serviceImpl.createGraph((dev.loci.v1.CreateGraphRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.CreateGraphResponse>) responseObserver);
          break;
        case METHODID_GET_GRAPH:
          serviceImpl.getGraph((dev.loci.v1.GetGraphRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.GetGraphResponse>) responseObserver);
          break;
        case METHODID_LIST_GRAPHS:
          serviceImpl.listGraphs((dev.loci.v1.ListGraphsRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.ListGraphsResponse>) responseObserver);
          break;
        case METHODID_UPDATE_GRAPH:
          serviceImpl.updateGraph((dev.loci.v1.UpdateGraphRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.UpdateGraphResponse>) responseObserver);
          break;
        case METHODID_DELETE_GRAPH:
          serviceImpl.deleteGraph((dev.loci.v1.DeleteGraphRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.DeleteGraphResponse>) responseObserver);
          break;
        case METHODID_UNDELETE_GRAPH:
          serviceImpl.undeleteGraph((dev.loci.v1.UndeleteGraphRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.UndeleteGraphResponse>) responseObserver);
          break;
        case METHODID_ERASE_GRAPH:
          serviceImpl.eraseGraph((dev.loci.v1.EraseGraphRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.EraseGraphResponse>) responseObserver);
          break;
        case METHODID_GET_GRAPH_STATS:
          serviceImpl.getGraphStats((dev.loci.v1.GetGraphStatsRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.GetGraphStatsResponse>) responseObserver);
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
          getCreateGraphMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.CreateGraphRequest,
              dev.loci.v1.CreateGraphResponse>(
                service, METHODID_CREATE_GRAPH)))
        .addMethod(
          getGetGraphMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.GetGraphRequest,
              dev.loci.v1.GetGraphResponse>(
                service, METHODID_GET_GRAPH)))
        .addMethod(
          getListGraphsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.ListGraphsRequest,
              dev.loci.v1.ListGraphsResponse>(
                service, METHODID_LIST_GRAPHS)))
        .addMethod(
          getUpdateGraphMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.UpdateGraphRequest,
              dev.loci.v1.UpdateGraphResponse>(
                service, METHODID_UPDATE_GRAPH)))
        .addMethod(
          getDeleteGraphMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.DeleteGraphRequest,
              dev.loci.v1.DeleteGraphResponse>(
                service, METHODID_DELETE_GRAPH)))
        .addMethod(
          getUndeleteGraphMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.UndeleteGraphRequest,
              dev.loci.v1.UndeleteGraphResponse>(
                service, METHODID_UNDELETE_GRAPH)))
        .addMethod(
          getEraseGraphMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.EraseGraphRequest,
              dev.loci.v1.EraseGraphResponse>(
                service, METHODID_ERASE_GRAPH)))
        .addMethod(
          getGetGraphStatsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.GetGraphStatsRequest,
              dev.loci.v1.GetGraphStatsResponse>(
                service, METHODID_GET_GRAPH_STATS)))
        .build();
  }

  private static abstract class GraphServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    GraphServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.loci.v1.GraphServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("GraphService");
    }
  }

  private static final class GraphServiceFileDescriptorSupplier
      extends GraphServiceBaseDescriptorSupplier {
    GraphServiceFileDescriptorSupplier() {}
  }

  private static final class GraphServiceMethodDescriptorSupplier
      extends GraphServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    GraphServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (GraphServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new GraphServiceFileDescriptorSupplier())
              .addMethod(getCreateGraphMethod())
              .addMethod(getGetGraphMethod())
              .addMethod(getListGraphsMethod())
              .addMethod(getUpdateGraphMethod())
              .addMethod(getDeleteGraphMethod())
              .addMethod(getUndeleteGraphMethod())
              .addMethod(getEraseGraphMethod())
              .addMethod(getGetGraphStatsMethod())
              .build();
        }
      }
    }
    return result;
  }
}
