package dev.loci.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Moves whole graphs in and out.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class BulkServiceGrpc {

  private BulkServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "loci.v1.BulkService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.ImportRequest,
      dev.loci.v1.ImportResponse> getImportMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Import",
      requestType = dev.loci.v1.ImportRequest.class,
      responseType = dev.loci.v1.ImportResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING)
  public static io.grpc.MethodDescriptor<dev.loci.v1.ImportRequest,
      dev.loci.v1.ImportResponse> getImportMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.ImportRequest, dev.loci.v1.ImportResponse> getImportMethod;
    if ((getImportMethod = BulkServiceGrpc.getImportMethod) == null) {
      synchronized (BulkServiceGrpc.class) {
        if ((getImportMethod = BulkServiceGrpc.getImportMethod) == null) {
          BulkServiceGrpc.getImportMethod = getImportMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.ImportRequest, dev.loci.v1.ImportResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Import"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ImportRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ImportResponse.getDefaultInstance()))
              .setSchemaDescriptor(new BulkServiceMethodDescriptorSupplier("Import"))
              .build();
        }
      }
    }
    return getImportMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.ImportChunkRequest,
      dev.loci.v1.ImportChunkResponse> getImportChunkMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ImportChunk",
      requestType = dev.loci.v1.ImportChunkRequest.class,
      responseType = dev.loci.v1.ImportChunkResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.ImportChunkRequest,
      dev.loci.v1.ImportChunkResponse> getImportChunkMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.ImportChunkRequest, dev.loci.v1.ImportChunkResponse> getImportChunkMethod;
    if ((getImportChunkMethod = BulkServiceGrpc.getImportChunkMethod) == null) {
      synchronized (BulkServiceGrpc.class) {
        if ((getImportChunkMethod = BulkServiceGrpc.getImportChunkMethod) == null) {
          BulkServiceGrpc.getImportChunkMethod = getImportChunkMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.ImportChunkRequest, dev.loci.v1.ImportChunkResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ImportChunk"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ImportChunkRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ImportChunkResponse.getDefaultInstance()))
              .setSchemaDescriptor(new BulkServiceMethodDescriptorSupplier("ImportChunk"))
              .build();
        }
      }
    }
    return getImportChunkMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.GetImportRequest,
      dev.loci.v1.GetImportResponse> getGetImportMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetImport",
      requestType = dev.loci.v1.GetImportRequest.class,
      responseType = dev.loci.v1.GetImportResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.GetImportRequest,
      dev.loci.v1.GetImportResponse> getGetImportMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.GetImportRequest, dev.loci.v1.GetImportResponse> getGetImportMethod;
    if ((getGetImportMethod = BulkServiceGrpc.getGetImportMethod) == null) {
      synchronized (BulkServiceGrpc.class) {
        if ((getGetImportMethod = BulkServiceGrpc.getGetImportMethod) == null) {
          BulkServiceGrpc.getGetImportMethod = getGetImportMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.GetImportRequest, dev.loci.v1.GetImportResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetImport"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetImportRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetImportResponse.getDefaultInstance()))
              .setSchemaDescriptor(new BulkServiceMethodDescriptorSupplier("GetImport"))
              .build();
        }
      }
    }
    return getGetImportMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.ExportRequest,
      dev.loci.v1.ExportResponse> getExportMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Export",
      requestType = dev.loci.v1.ExportRequest.class,
      responseType = dev.loci.v1.ExportResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<dev.loci.v1.ExportRequest,
      dev.loci.v1.ExportResponse> getExportMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.ExportRequest, dev.loci.v1.ExportResponse> getExportMethod;
    if ((getExportMethod = BulkServiceGrpc.getExportMethod) == null) {
      synchronized (BulkServiceGrpc.class) {
        if ((getExportMethod = BulkServiceGrpc.getExportMethod) == null) {
          BulkServiceGrpc.getExportMethod = getExportMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.ExportRequest, dev.loci.v1.ExportResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Export"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ExportRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ExportResponse.getDefaultInstance()))
              .setSchemaDescriptor(new BulkServiceMethodDescriptorSupplier("Export"))
              .build();
        }
      }
    }
    return getExportMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static BulkServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<BulkServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<BulkServiceStub>() {
        @java.lang.Override
        public BulkServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new BulkServiceStub(channel, callOptions);
        }
      };
    return BulkServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static BulkServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<BulkServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<BulkServiceBlockingV2Stub>() {
        @java.lang.Override
        public BulkServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new BulkServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return BulkServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static BulkServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<BulkServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<BulkServiceBlockingStub>() {
        @java.lang.Override
        public BulkServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new BulkServiceBlockingStub(channel, callOptions);
        }
      };
    return BulkServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static BulkServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<BulkServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<BulkServiceFutureStub>() {
        @java.lang.Override
        public BulkServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new BulkServiceFutureStub(channel, callOptions);
        }
      };
    return BulkServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Moves whole graphs in and out.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * The first message is a header, all others are chunks with sequence 1, 2, 3, …. The first answer says at which
     * sequence to go on; then each chunk is acknowledged when it is durable. A chunk is one commit. Sent again (after a cut
     * connection, a restart), an acknowledged chunk is not applied again and gets its first answer.
     * </pre>
     */
    default io.grpc.stub.StreamObserver<dev.loci.v1.ImportRequest> import_(
        io.grpc.stub.StreamObserver<dev.loci.v1.ImportResponse> responseObserver) {
      return io.grpc.stub.ServerCalls.asyncUnimplementedStreamingCall(getImportMethod(), responseObserver);
    }

    /**
     * <pre>
     * One chunk of an import, for callers without streams.
     * </pre>
     */
    default void importChunk(dev.loci.v1.ImportChunkRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ImportChunkResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getImportChunkMethod(), responseObserver);
    }

    /**
     * <pre>
     * How far an import has come.
     * </pre>
     */
    default void getImport(dev.loci.v1.GetImportRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetImportResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetImportMethod(), responseObserver);
    }

    /**
     * <pre>
     * Every node, then every edge, as they stood at one revision.
     * </pre>
     */
    default void export(dev.loci.v1.ExportRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ExportResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getExportMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service BulkService.
   * <pre>
   * Moves whole graphs in and out.
   * </pre>
   */
  public static abstract class BulkServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return BulkServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service BulkService.
   * <pre>
   * Moves whole graphs in and out.
   * </pre>
   */
  public static final class BulkServiceStub
      extends io.grpc.stub.AbstractAsyncStub<BulkServiceStub> {
    private BulkServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected BulkServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new BulkServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * The first message is a header, all others are chunks with sequence 1, 2, 3, …. The first answer says at which
     * sequence to go on; then each chunk is acknowledged when it is durable. A chunk is one commit. Sent again (after a cut
     * connection, a restart), an acknowledged chunk is not applied again and gets its first answer.
     * </pre>
     */
    public io.grpc.stub.StreamObserver<dev.loci.v1.ImportRequest> import_(
        io.grpc.stub.StreamObserver<dev.loci.v1.ImportResponse> responseObserver) {
      return io.grpc.stub.ClientCalls.asyncBidiStreamingCall(
          getChannel().newCall(getImportMethod(), getCallOptions()), responseObserver);
    }

    /**
     * <pre>
     * One chunk of an import, for callers without streams.
     * </pre>
     */
    public void importChunk(dev.loci.v1.ImportChunkRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ImportChunkResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getImportChunkMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * How far an import has come.
     * </pre>
     */
    public void getImport(dev.loci.v1.GetImportRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetImportResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetImportMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Every node, then every edge, as they stood at one revision.
     * </pre>
     */
    public void export(dev.loci.v1.ExportRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ExportResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getExportMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service BulkService.
   * <pre>
   * Moves whole graphs in and out.
   * </pre>
   */
  public static final class BulkServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<BulkServiceBlockingV2Stub> {
    private BulkServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected BulkServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new BulkServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * The first message is a header, all others are chunks with sequence 1, 2, 3, …. The first answer says at which
     * sequence to go on; then each chunk is acknowledged when it is durable. A chunk is one commit. Sent again (after a cut
     * connection, a restart), an acknowledged chunk is not applied again and gets its first answer.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<dev.loci.v1.ImportRequest, dev.loci.v1.ImportResponse>
        import_() {
      return io.grpc.stub.ClientCalls.blockingBidiStreamingCall(
          getChannel(), getImportMethod(), getCallOptions());
    }

    /**
     * <pre>
     * One chunk of an import, for callers without streams.
     * </pre>
     */
    public dev.loci.v1.ImportChunkResponse importChunk(dev.loci.v1.ImportChunkRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getImportChunkMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * How far an import has come.
     * </pre>
     */
    public dev.loci.v1.GetImportResponse getImport(dev.loci.v1.GetImportRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetImportMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Every node, then every edge, as they stood at one revision.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, dev.loci.v1.ExportResponse>
        export(dev.loci.v1.ExportRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getExportMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service BulkService.
   * <pre>
   * Moves whole graphs in and out.
   * </pre>
   */
  public static final class BulkServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<BulkServiceBlockingStub> {
    private BulkServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected BulkServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new BulkServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * One chunk of an import, for callers without streams.
     * </pre>
     */
    public dev.loci.v1.ImportChunkResponse importChunk(dev.loci.v1.ImportChunkRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getImportChunkMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * How far an import has come.
     * </pre>
     */
    public dev.loci.v1.GetImportResponse getImport(dev.loci.v1.GetImportRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetImportMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Every node, then every edge, as they stood at one revision.
     * </pre>
     */
    public java.util.Iterator<dev.loci.v1.ExportResponse> export(
        dev.loci.v1.ExportRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getExportMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service BulkService.
   * <pre>
   * Moves whole graphs in and out.
   * </pre>
   */
  public static final class BulkServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<BulkServiceFutureStub> {
    private BulkServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected BulkServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new BulkServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * One chunk of an import, for callers without streams.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.ImportChunkResponse> importChunk(
        dev.loci.v1.ImportChunkRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getImportChunkMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * How far an import has come.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.GetImportResponse> getImport(
        dev.loci.v1.GetImportRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetImportMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_IMPORT_CHUNK = 0;
  private static final int METHODID_GET_IMPORT = 1;
  private static final int METHODID_EXPORT = 2;
  private static final int METHODID_IMPORT = 3;

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
        case METHODID_IMPORT_CHUNK:
          serviceImpl.importChunk((dev.loci.v1.ImportChunkRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.ImportChunkResponse>) responseObserver);
          break;
        case METHODID_GET_IMPORT:
          serviceImpl.getImport((dev.loci.v1.GetImportRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.GetImportResponse>) responseObserver);
          break;
        case METHODID_EXPORT:
          serviceImpl.export((dev.loci.v1.ExportRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.ExportResponse>) responseObserver);
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
        case METHODID_IMPORT:
          return (io.grpc.stub.StreamObserver<Req>) serviceImpl.import_(
              (io.grpc.stub.StreamObserver<dev.loci.v1.ImportResponse>) responseObserver);
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getImportMethod(),
          io.grpc.stub.ServerCalls.asyncBidiStreamingCall(
            new MethodHandlers<
              dev.loci.v1.ImportRequest,
              dev.loci.v1.ImportResponse>(
                service, METHODID_IMPORT)))
        .addMethod(
          getImportChunkMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.ImportChunkRequest,
              dev.loci.v1.ImportChunkResponse>(
                service, METHODID_IMPORT_CHUNK)))
        .addMethod(
          getGetImportMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.GetImportRequest,
              dev.loci.v1.GetImportResponse>(
                service, METHODID_GET_IMPORT)))
        .addMethod(
          getExportMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              dev.loci.v1.ExportRequest,
              dev.loci.v1.ExportResponse>(
                service, METHODID_EXPORT)))
        .build();
  }

  private static abstract class BulkServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    BulkServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.loci.v1.BulkServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("BulkService");
    }
  }

  private static final class BulkServiceFileDescriptorSupplier
      extends BulkServiceBaseDescriptorSupplier {
    BulkServiceFileDescriptorSupplier() {}
  }

  private static final class BulkServiceMethodDescriptorSupplier
      extends BulkServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    BulkServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (BulkServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new BulkServiceFileDescriptorSupplier())
              .addMethod(getImportMethod())
              .addMethod(getImportChunkMethod())
              .addMethod(getGetImportMethod())
              .addMethod(getExportMethod())
              .build();
        }
      }
    }
    return result;
  }
}
