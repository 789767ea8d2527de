package dev.loci.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Walks the graph. Each answer is bounded and says when a bound cut it.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class TraversalServiceGrpc {

  private TraversalServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "loci.v1.TraversalService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.GetNeighborsRequest,
      dev.loci.v1.GetNeighborsResponse> getGetNeighborsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetNeighbors",
      requestType = dev.loci.v1.GetNeighborsRequest.class,
      responseType = dev.loci.v1.GetNeighborsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.GetNeighborsRequest,
      dev.loci.v1.GetNeighborsResponse> getGetNeighborsMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.GetNeighborsRequest, dev.loci.v1.GetNeighborsResponse> getGetNeighborsMethod;
    if ((getGetNeighborsMethod = TraversalServiceGrpc.getGetNeighborsMethod) == null) {
      synchronized (TraversalServiceGrpc.class) {
        if ((getGetNeighborsMethod = TraversalServiceGrpc.getGetNeighborsMethod) == null) {
          TraversalServiceGrpc.getGetNeighborsMethod = getGetNeighborsMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.GetNeighborsRequest, dev.loci.v1.GetNeighborsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetNeighbors"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetNeighborsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetNeighborsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TraversalServiceMethodDescriptorSupplier("GetNeighbors"))
              .build();
        }
      }
    }
    return getGetNeighborsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.TraverseRequest,
      dev.loci.v1.TraverseResponse> getTraverseMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Traverse",
      requestType = dev.loci.v1.TraverseRequest.class,
      responseType = dev.loci.v1.TraverseResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.TraverseRequest,
      dev.loci.v1.TraverseResponse> getTraverseMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.TraverseRequest, dev.loci.v1.TraverseResponse> getTraverseMethod;
    if ((getTraverseMethod = TraversalServiceGrpc.getTraverseMethod) == null) {
      synchronized (TraversalServiceGrpc.class) {
        if ((getTraverseMethod = TraversalServiceGrpc.getTraverseMethod) == null) {
          TraversalServiceGrpc.getTraverseMethod = getTraverseMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.TraverseRequest, dev.loci.v1.TraverseResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Traverse"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.TraverseRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.TraverseResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TraversalServiceMethodDescriptorSupplier("Traverse"))
              .build();
        }
      }
    }
    return getTraverseMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.FindPathsRequest,
      dev.loci.v1.FindPathsResponse> getFindPathsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "FindPaths",
      requestType = dev.loci.v1.FindPathsRequest.class,
      responseType = dev.loci.v1.FindPathsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.FindPathsRequest,
      dev.loci.v1.FindPathsResponse> getFindPathsMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.FindPathsRequest, dev.loci.v1.FindPathsResponse> getFindPathsMethod;
    if ((getFindPathsMethod = TraversalServiceGrpc.getFindPathsMethod) == null) {
      synchronized (TraversalServiceGrpc.class) {
        if ((getFindPathsMethod = TraversalServiceGrpc.getFindPathsMethod) == null) {
          TraversalServiceGrpc.getFindPathsMethod = getFindPathsMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.FindPathsRequest, dev.loci.v1.FindPathsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "FindPaths"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.FindPathsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.FindPathsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TraversalServiceMethodDescriptorSupplier("FindPaths"))
              .build();
        }
      }
    }
    return getFindPathsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.GetContextRequest,
      dev.loci.v1.GetContextResponse> getGetContextMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetContext",
      requestType = dev.loci.v1.GetContextRequest.class,
      responseType = dev.loci.v1.GetContextResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.GetContextRequest,
      dev.loci.v1.GetContextResponse> getGetContextMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.GetContextRequest, dev.loci.v1.GetContextResponse> getGetContextMethod;
    if ((getGetContextMethod = TraversalServiceGrpc.getGetContextMethod) == null) {
      synchronized (TraversalServiceGrpc.class) {
        if ((getGetContextMethod = TraversalServiceGrpc.getGetContextMethod) == null) {
          TraversalServiceGrpc.getGetContextMethod = getGetContextMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.GetContextRequest, dev.loci.v1.GetContextResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetContext"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetContextRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetContextResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TraversalServiceMethodDescriptorSupplier("GetContext"))
              .build();
        }
      }
    }
    return getGetContextMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static TraversalServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TraversalServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TraversalServiceStub>() {
        @java.lang.Override
        public TraversalServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TraversalServiceStub(channel, callOptions);
        }
      };
    return TraversalServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static TraversalServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TraversalServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TraversalServiceBlockingV2Stub>() {
        @java.lang.Override
        public TraversalServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TraversalServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return TraversalServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static TraversalServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TraversalServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TraversalServiceBlockingStub>() {
        @java.lang.Override
        public TraversalServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TraversalServiceBlockingStub(channel, callOptions);
        }
      };
    return TraversalServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static TraversalServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TraversalServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TraversalServiceFutureStub>() {
        @java.lang.Override
        public TraversalServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TraversalServiceFutureStub(channel, callOptions);
        }
      };
    return TraversalServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Walks the graph. Each answer is bounded and says when a bound cut it.
   * </pre>
   */
  public interface AsyncService {

    /**
     */
    default void getNeighbors(dev.loci.v1.GetNeighborsRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetNeighborsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetNeighborsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Breadth first from the start nodes.
     * </pre>
     */
    default void traverse(dev.loci.v1.TraverseRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.TraverseResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getTraverseMethod(), responseObserver);
    }

    /**
     * <pre>
     * The shortest paths between two nodes, by number of edges.
     * </pre>
     */
    default void findPaths(dev.loci.v1.FindPathsRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.FindPathsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getFindPathsMethod(), responseObserver);
    }

    /**
     * <pre>
     * The nodes around some seeds and every edge among them.
     * </pre>
     */
    default void getContext(dev.loci.v1.GetContextRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetContextResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetContextMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service TraversalService.
   * <pre>
   * Walks the graph. Each answer is bounded and says when a bound cut it.
   * </pre>
   */
  public static abstract class TraversalServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return TraversalServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service TraversalService.
   * <pre>
   * Walks the graph. Each answer is bounded and says when a bound cut it.
   * </pre>
   */
  public static final class TraversalServiceStub
      extends io.grpc.stub.AbstractAsyncStub<TraversalServiceStub> {
    private TraversalServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TraversalServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TraversalServiceStub(channel, callOptions);
    }

    /**
     */
    public void getNeighbors(dev.loci.v1.GetNeighborsRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetNeighborsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetNeighborsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Breadth first from the start nodes.
     * </pre>
     */
    public void traverse(dev.loci.v1.TraverseRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.TraverseResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getTraverseMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * The shortest paths between two nodes, by number of edges.
     * </pre>
     */
    public void findPaths(dev.loci.v1.FindPathsRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.FindPathsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getFindPathsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * The nodes around some seeds and every edge among them.
     * </pre>
     */
    public void getContext(dev.loci.v1.GetContextRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetContextResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetContextMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service TraversalService.
   * <pre>
   * Walks the graph. Each answer is bounded and says when a bound cut it.
   * </pre>
   */
  public static final class TraversalServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<TraversalServiceBlockingV2Stub> {
    private TraversalServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TraversalServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TraversalServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     */
    public dev.loci.v1.GetNeighborsResponse getNeighbors(dev.loci.v1.GetNeighborsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetNeighborsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Breadth first from the start nodes.
     * </pre>
     */
    public dev.loci.v1.TraverseResponse traverse(dev.loci.v1.TraverseRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getTraverseMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * The shortest paths between two nodes, by number of edges.
     * </pre>
     */
    public dev.loci.v1.FindPathsResponse findPaths(dev.loci.v1.FindPathsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getFindPathsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * The nodes around some seeds and every edge among them.
     * </pre>
     */
    public dev.loci.v1.GetContextResponse getContext(dev.loci.v1.GetContextRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetContextMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service TraversalService.
   * <pre>
   * Walks the graph. Each answer is bounded and says when a bound cut it.
   * </pre>
   */
  public static final class TraversalServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<TraversalServiceBlockingStub> {
    private TraversalServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TraversalServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TraversalServiceBlockingStub(channel, callOptions);
    }

    /**
     */
    public dev.loci.v1.GetNeighborsResponse getNeighbors(dev.loci.v1.GetNeighborsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetNeighborsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Breadth first from the start nodes.
     * </pre>
     */
    public dev.loci.v1.TraverseResponse traverse(dev.loci.v1.TraverseRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getTraverseMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * The shortest paths between two nodes, by number of edges.
     * </pre>
     */
    public dev.loci.v1.FindPathsResponse findPaths(dev.loci.v1.FindPathsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getFindPathsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * The nodes around some seeds and every edge among them.
     * </pre>
     */
    public dev.loci.v1.GetContextResponse getContext(dev.loci.v1.GetContextRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetContextMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service TraversalService.
   * <pre>
   * Walks the graph. Each answer is bounded and says when a bound cut it.
   * </pre>
   */
  public static final class TraversalServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<TraversalServiceFutureStub> {
    private TraversalServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TraversalServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TraversalServiceFutureStub(channel, callOptions);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.GetNeighborsResponse> getNeighbors(
        dev.loci.v1.GetNeighborsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetNeighborsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Breadth first from the start nodes.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.TraverseResponse> traverse(
        dev.loci.v1.TraverseRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getTraverseMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * The shortest paths between two nodes, by number of edges.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.FindPathsResponse> findPaths(
        dev.loci.v1.FindPathsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getFindPathsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * The nodes around some seeds and every edge among them.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.GetContextResponse> getContext(
        dev.loci.v1.GetContextRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetContextMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_GET_NEIGHBORS = 0;
  private static final int METHODID_TRAVERSE = 1;
  private static final int METHODID_FIND_PATHS = 2;
  private static final int METHODID_GET_CONTEXT = 3;

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
        case METHODID_GET_NEIGHBORS:
          serviceImpl.getNeighbors((dev.loci.v1.GetNeighborsRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.GetNeighborsResponse>) responseObserver);
          break;
        case METHODID_TRAVERSE:
          serviceImpl.traverse((dev.loci.v1.TraverseRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.TraverseResponse>) responseObserver);
          break;
        case METHODID_FIND_PATHS:
          serviceImpl.findPaths((dev.loci.v1.FindPathsRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.FindPathsResponse>) responseObserver);
          break;
        case METHODID_GET_CONTEXT:
          serviceImpl.getContext((dev.loci.v1.GetContextRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.GetContextResponse>) responseObserver);
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
          getGetNeighborsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.GetNeighborsRequest,
              dev.loci.v1.GetNeighborsResponse>(
                service, METHODID_GET_NEIGHBORS)))
        .addMethod(
          getTraverseMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.TraverseRequest,
              dev.loci.v1.TraverseResponse>(
                service, METHODID_TRAVERSE)))
        .addMethod(
          getFindPathsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.FindPathsRequest,
              dev.loci.v1.FindPathsResponse>(
                service, METHODID_FIND_PATHS)))
        .addMethod(
          getGetContextMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.GetContextRequest,
              dev.loci.v1.GetContextResponse>(
                service, METHODID_GET_CONTEXT)))
        .build();
  }

  private static abstract class TraversalServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    TraversalServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.loci.v1.TraversalServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("TraversalService");
    }
  }

  private static final class TraversalServiceFileDescriptorSupplier
      extends TraversalServiceBaseDescriptorSupplier {
    TraversalServiceFileDescriptorSupplier() {}
  }

  private static final class TraversalServiceMethodDescriptorSupplier
      extends TraversalServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    TraversalServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (TraversalServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new TraversalServiceFileDescriptorSupplier())
              .addMethod(getGetNeighborsMethod())
              .addMethod(getTraverseMethod())
              .addMethod(getFindPathsMethod())
              .addMethod(getGetContextMethod())
              .build();
        }
      }
    }
    return result;
  }
}
