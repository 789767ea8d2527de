package dev.loci.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Reads and writes single nodes. Each write is a commit of its own; CommitService joins several in one.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class NodeServiceGrpc {

  private NodeServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "loci.v1.NodeService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.CreateNodeRequest,
      dev.loci.v1.CreateNodeResponse> getCreateNodeMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateNode",
      requestType = dev.loci.v1.CreateNodeRequest.class,
      responseType = dev.loci.v1.CreateNodeResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.CreateNodeRequest,
      dev.loci.v1.CreateNodeResponse> getCreateNodeMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.CreateNodeRequest, dev.loci.v1.CreateNodeResponse> getCreateNodeMethod;
    if ((getCreateNodeMethod = NodeServiceGrpc.getCreateNodeMethod) == null) {
      synchronized (NodeServiceGrpc.class) {
        if ((getCreateNodeMethod = NodeServiceGrpc.getCreateNodeMethod) == null) {
          NodeServiceGrpc.getCreateNodeMethod = getCreateNodeMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.CreateNodeRequest, dev.loci.v1.CreateNodeResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateNode"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.CreateNodeRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.CreateNodeResponse.getDefaultInstance()))
              .setSchemaDescriptor(new NodeServiceMethodDescriptorSupplier("CreateNode"))
              .build();
        }
      }
    }
    return getCreateNodeMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.GetNodeRequest,
      dev.loci.v1.GetNodeResponse> getGetNodeMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetNode",
      requestType = dev.loci.v1.GetNodeRequest.class,
      responseType = dev.loci.v1.GetNodeResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.GetNodeRequest,
      dev.loci.v1.GetNodeResponse> getGetNodeMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.GetNodeRequest, dev.loci.v1.GetNodeResponse> getGetNodeMethod;
    if ((getGetNodeMethod = NodeServiceGrpc.getGetNodeMethod) == null) {
      synchronized (NodeServiceGrpc.class) {
        if ((getGetNodeMethod = NodeServiceGrpc.getGetNodeMethod) == null) {
          NodeServiceGrpc.getGetNodeMethod = getGetNodeMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.GetNodeRequest, dev.loci.v1.GetNodeResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetNode"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetNodeRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetNodeResponse.getDefaultInstance()))
              .setSchemaDescriptor(new NodeServiceMethodDescriptorSupplier("GetNode"))
              .build();
        }
      }
    }
    return getGetNodeMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.BatchGetNodesRequest,
      dev.loci.v1.BatchGetNodesResponse> getBatchGetNodesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "BatchGetNodes",
      requestType = dev.loci.v1.BatchGetNodesRequest.class,
      responseType = dev.loci.v1.BatchGetNodesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.BatchGetNodesRequest,
      dev.loci.v1.BatchGetNodesResponse> getBatchGetNodesMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.BatchGetNodesRequest, dev.loci.v1.BatchGetNodesResponse> getBatchGetNodesMethod;
    if ((getBatchGetNodesMethod = NodeServiceGrpc.getBatchGetNodesMethod) == null) {
      synchronized (NodeServiceGrpc.class) {
        if ((getBatchGetNodesMethod = NodeServiceGrpc.getBatchGetNodesMethod) == null) {
          NodeServiceGrpc.getBatchGetNodesMethod = getBatchGetNodesMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.BatchGetNodesRequest, dev.loci.v1.BatchGetNodesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "BatchGetNodes"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.BatchGetNodesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.BatchGetNodesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new NodeServiceMethodDescriptorSupplier("BatchGetNodes"))
              .build();
        }
      }
    }
    return getBatchGetNodesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.ListNodesRequest,
      dev.loci.v1.ListNodesResponse> getListNodesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListNodes",
      requestType = dev.loci.v1.ListNodesRequest.class,
      responseType = dev.loci.v1.ListNodesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.ListNodesRequest,
      dev.loci.v1.ListNodesResponse> getListNodesMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.ListNodesRequest, dev.loci.v1.ListNodesResponse> getListNodesMethod;
    if ((getListNodesMethod = NodeServiceGrpc.getListNodesMethod) == null) {
      synchronized (NodeServiceGrpc.class) {
        if ((getListNodesMethod = NodeServiceGrpc.getListNodesMethod) == null) {
          NodeServiceGrpc.getListNodesMethod = getListNodesMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.ListNodesRequest, dev.loci.v1.ListNodesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListNodes"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListNodesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListNodesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new NodeServiceMethodDescriptorSupplier("ListNodes"))
              .build();
        }
      }
    }
    return getListNodesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.UpdateNodeRequest,
      dev.loci.v1.UpdateNodeResponse> getUpdateNodeMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateNode",
      requestType = dev.loci.v1.UpdateNodeRequest.class,
      responseType = dev.loci.v1.UpdateNodeResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.UpdateNodeRequest,
      dev.loci.v1.UpdateNodeResponse> getUpdateNodeMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.UpdateNodeRequest, dev.loci.v1.UpdateNodeResponse> getUpdateNodeMethod;
    if ((getUpdateNodeMethod = NodeServiceGrpc.getUpdateNodeMethod) == null) {
      synchronized (NodeServiceGrpc.class) {
        if ((getUpdateNodeMethod = NodeServiceGrpc.getUpdateNodeMethod) == null) {
          NodeServiceGrpc.getUpdateNodeMethod = getUpdateNodeMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.UpdateNodeRequest, dev.loci.v1.UpdateNodeResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateNode"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.UpdateNodeRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.UpdateNodeResponse.getDefaultInstance()))
              .setSchemaDescriptor(new NodeServiceMethodDescriptorSupplier("UpdateNode"))
              .build();
        }
      }
    }
    return getUpdateNodeMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.DeleteNodeRequest,
      dev.loci.v1.DeleteNodeResponse> getDeleteNodeMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteNode",
      requestType = dev.loci.v1.DeleteNodeRequest.class,
      responseType = dev.loci.v1.DeleteNodeResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.DeleteNodeRequest,
      dev.loci.v1.DeleteNodeResponse> getDeleteNodeMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.DeleteNodeRequest, dev.loci.v1.DeleteNodeResponse> getDeleteNodeMethod;
    if ((getDeleteNodeMethod = NodeServiceGrpc.getDeleteNodeMethod) == null) {
      synchronized (NodeServiceGrpc.class) {
        if ((getDeleteNodeMethod = NodeServiceGrpc.getDeleteNodeMethod) == null) {
          NodeServiceGrpc.getDeleteNodeMethod = getDeleteNodeMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.DeleteNodeRequest, dev.loci.v1.DeleteNodeResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteNode"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.DeleteNodeRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.DeleteNodeResponse.getDefaultInstance()))
              .setSchemaDescriptor(new NodeServiceMethodDescriptorSupplier("DeleteNode"))
              .build();
        }
      }
    }
    return getDeleteNodeMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.RenameNodeRequest,
      dev.loci.v1.RenameNodeResponse> getRenameNodeMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RenameNode",
      requestType = dev.loci.v1.RenameNodeRequest.class,
      responseType = dev.loci.v1.RenameNodeResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.RenameNodeRequest,
      dev.loci.v1.RenameNodeResponse> getRenameNodeMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.RenameNodeRequest, dev.loci.v1.RenameNodeResponse> getRenameNodeMethod;
    if ((getRenameNodeMethod = NodeServiceGrpc.getRenameNodeMethod) == null) {
      synchronized (NodeServiceGrpc.class) {
        if ((getRenameNodeMethod = NodeServiceGrpc.getRenameNodeMethod) == null) {
          NodeServiceGrpc.getRenameNodeMethod = getRenameNodeMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.RenameNodeRequest, dev.loci.v1.RenameNodeResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RenameNode"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.RenameNodeRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.RenameNodeResponse.getDefaultInstance()))
              .setSchemaDescriptor(new NodeServiceMethodDescriptorSupplier("RenameNode"))
              .build();
        }
      }
    }
    return getRenameNodeMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.ListNodeRevisionsRequest,
      dev.loci.v1.ListNodeRevisionsResponse> getListNodeRevisionsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListNodeRevisions",
      requestType = dev.loci.v1.ListNodeRevisionsRequest.class,
      responseType = dev.loci.v1.ListNodeRevisionsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.ListNodeRevisionsRequest,
      dev.loci.v1.ListNodeRevisionsResponse> getListNodeRevisionsMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.ListNodeRevisionsRequest, dev.loci.v1.ListNodeRevisionsResponse> getListNodeRevisionsMethod;
    if ((getListNodeRevisionsMethod = NodeServiceGrpc.getListNodeRevisionsMethod) == null) {
      synchronized (NodeServiceGrpc.class) {
        if ((getListNodeRevisionsMethod = NodeServiceGrpc.getListNodeRevisionsMethod) == null) {
          NodeServiceGrpc.getListNodeRevisionsMethod = getListNodeRevisionsMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.ListNodeRevisionsRequest, dev.loci.v1.ListNodeRevisionsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListNodeRevisions"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListNodeRevisionsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListNodeRevisionsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new NodeServiceMethodDescriptorSupplier("ListNodeRevisions"))
              .build();
        }
      }
    }
    return getListNodeRevisionsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.RestoreNodeRequest,
      dev.loci.v1.RestoreNodeResponse> getRestoreNodeMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RestoreNode",
      requestType = dev.loci.v1.RestoreNodeRequest.class,
      responseType = dev.loci.v1.RestoreNodeResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.RestoreNodeRequest,
      dev.loci.v1.RestoreNodeResponse> getRestoreNodeMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.RestoreNodeRequest, dev.loci.v1.RestoreNodeResponse> getRestoreNodeMethod;
    if ((getRestoreNodeMethod = NodeServiceGrpc.getRestoreNodeMethod) == null) {
      synchronized (NodeServiceGrpc.class) {
        if ((getRestoreNodeMethod = NodeServiceGrpc.getRestoreNodeMethod) == null) {
          NodeServiceGrpc.getRestoreNodeMethod = getRestoreNodeMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.RestoreNodeRequest, dev.loci.v1.RestoreNodeResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RestoreNode"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.RestoreNodeRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.RestoreNodeResponse.getDefaultInstance()))
              .setSchemaDescriptor(new NodeServiceMethodDescriptorSupplier("RestoreNode"))
              .build();
        }
      }
    }
    return getRestoreNodeMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static NodeServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<NodeServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<NodeServiceStub>() {
        @java.lang.Override
        public NodeServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new NodeServiceStub(channel, callOptions);
        }
      };
    return NodeServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static NodeServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<NodeServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<NodeServiceBlockingV2Stub>() {
        @java.lang.Override
        public NodeServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new NodeServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return NodeServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static NodeServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<NodeServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<NodeServiceBlockingStub>() {
        @java.lang.Override
        public NodeServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new NodeServiceBlockingStub(channel, callOptions);
        }
      };
    return NodeServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static NodeServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<NodeServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<NodeServiceFutureStub>() {
        @java.lang.Override
        public NodeServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new NodeServiceFutureStub(channel, callOptions);
        }
      };
    return NodeServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Reads and writes single nodes. Each write is a commit of its own; CommitService joins several in one.
   * </pre>
   */
  public interface AsyncService {

    /**
     */
    default void createNode(dev.loci.v1.CreateNodeRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.CreateNodeResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateNodeMethod(), responseObserver);
    }

    /**
     */
    default void getNode(dev.loci.v1.GetNodeRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetNodeResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetNodeMethod(), responseObserver);
    }

    /**
     */
    default void batchGetNodes(dev.loci.v1.BatchGetNodesRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.BatchGetNodesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getBatchGetNodesMethod(), responseObserver);
    }

    /**
     */
    default void listNodes(dev.loci.v1.ListNodesRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListNodesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListNodesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Properties are merged (RFC 7396): a null deletes its key, keys that are not named stay.
     * </pre>
     */
    default void updateNode(dev.loci.v1.UpdateNodeRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.UpdateNodeResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateNodeMethod(), responseObserver);
    }

    /**
     */
    default void deleteNode(dev.loci.v1.DeleteNodeRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.DeleteNodeResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteNodeMethod(), responseObserver);
    }

    /**
     * <pre>
     * Gives the node another id. Edges, aliases and history follow; the old id is free again.
     * </pre>
     */
    default void renameNode(dev.loci.v1.RenameNodeRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.RenameNodeResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRenameNodeMethod(), responseObserver);
    }

    /**
     * <pre>
     * What happened to the node, latest first, back over its renames; also of one that is deleted.
     * </pre>
     */
    default void listNodeRevisions(dev.loci.v1.ListNodeRevisionsRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListNodeRevisionsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListNodeRevisionsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Writes the node as it was at a revision, by a new commit; one that was deleted is there again.
     * </pre>
     */
    default void restoreNode(dev.loci.v1.RestoreNodeRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.RestoreNodeResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRestoreNodeMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service NodeService.
   * <pre>
   * Reads and writes single nodes. Each write is a commit of its own; CommitService joins several in one.
   * </pre>
   */
  public static abstract class NodeServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return NodeServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service NodeService.
   * <pre>
   * Reads and writes single nodes. Each write is a commit of its own; CommitService joins several in one.
   * </pre>
   */
  public static final class NodeServiceStub
      extends io.grpc.stub.AbstractAsyncStub<NodeServiceStub> {
    private NodeServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected NodeServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new NodeServiceStub(channel, callOptions);
    }

    /**
     */
    public void createNode(dev.loci.v1.CreateNodeRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.CreateNodeResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateNodeMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     */
    public void getNode(dev.loci.v1.GetNodeRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetNodeResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetNodeMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     */
    public void batchGetNodes(dev.loci.v1.BatchGetNodesRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.BatchGetNodesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getBatchGetNodesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     */
    public void listNodes(dev.loci.v1.ListNodesRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListNodesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListNodesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Properties are merged (RFC 7396): a null deletes its key, keys that are not named stay.
     * </pre>
     */
    public void updateNode(dev.loci.v1.UpdateNodeRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.UpdateNodeResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateNodeMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     */
    public void deleteNode(dev.loci.v1.DeleteNodeRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.DeleteNodeResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteNodeMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Gives the node another id. Edges, aliases and history follow; the old id is free again.
     * </pre>
     */
    public void renameNode(dev.loci.v1.RenameNodeRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.RenameNodeResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRenameNodeMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * What happened to the node, latest first, back over its renames; also of one that is deleted.
     * </pre>
     */
    public void listNodeRevisions(dev.loci.v1.ListNodeRevisionsRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListNodeRevisionsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListNodeRevisionsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Writes the node as it was at a revision, by a new commit; one that was deleted is there again.
     * </pre>
     */
    public void restoreNode(dev.loci.v1.RestoreNodeRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.RestoreNodeResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRestoreNodeMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service NodeService.
   * <pre>
   * Reads and writes single nodes. Each write is a commit of its own; CommitService joins several in one.
   * </pre>
   */
  public static final class NodeServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<NodeServiceBlockingV2Stub> {
    private NodeServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected NodeServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new NodeServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     */
    public dev.loci.v1.CreateNodeResponse createNode(dev.loci.v1.CreateNodeRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreateNodeMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.GetNodeResponse getNode(dev.loci.v1.GetNodeRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetNodeMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.BatchGetNodesResponse batchGetNodes(dev.loci.v1.BatchGetNodesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getBatchGetNodesMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.ListNodesResponse listNodes(dev.loci.v1.ListNodesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListNodesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Properties are merged (RFC 7396): a null deletes its key, keys that are not named stay.
     * </pre>
     */
    public dev.loci.v1.UpdateNodeResponse updateNode(dev.loci.v1.UpdateNodeRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateNodeMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.DeleteNodeResponse deleteNode(dev.loci.v1.DeleteNodeRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteNodeMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gives the node another id. Edges, aliases and history follow; the old id is free again.
     * </pre>
     */
    public dev.loci.v1.RenameNodeResponse renameNode(dev.loci.v1.RenameNodeRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRenameNodeMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * What happened to the node, latest first, back over its renames; also of one that is deleted.
     * </pre>
     */
    public dev.loci.v1.ListNodeRevisionsResponse listNodeRevisions(dev.loci.v1.ListNodeRevisionsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListNodeRevisionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Writes the node as it was at a revision, by a new commit; one that was deleted is there again.
     * </pre>
     */
    public dev.loci.v1.RestoreNodeResponse restoreNode(dev.loci.v1.RestoreNodeRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRestoreNodeMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service NodeService.
   * <pre>
   * Reads and writes single nodes. Each write is a commit of its own; CommitService joins several in one.
   * </pre>
   */
  public static final class NodeServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<NodeServiceBlockingStub> {
    private NodeServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected NodeServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new NodeServiceBlockingStub(channel, callOptions);
    }

    /**
     */
    public dev.loci.v1.CreateNodeResponse createNode(dev.loci.v1.CreateNodeRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateNodeMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.GetNodeResponse getNode(dev.loci.v1.GetNodeRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetNodeMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.BatchGetNodesResponse batchGetNodes(dev.loci.v1.BatchGetNodesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getBatchGetNodesMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.ListNodesResponse listNodes(dev.loci.v1.ListNodesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListNodesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Properties are merged (RFC 7396): a null deletes its key, keys that are not named stay.
     * </pre>
     */
    public dev.loci.v1.UpdateNodeResponse updateNode(dev.loci.v1.UpdateNodeRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateNodeMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.DeleteNodeResponse deleteNode(dev.loci.v1.DeleteNodeRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteNodeMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gives the node another id. Edges, aliases and history follow; the old id is free again.
     * </pre>
     */
    public dev.loci.v1.RenameNodeResponse renameNode(dev.loci.v1.RenameNodeRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRenameNodeMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * What happened to the node, latest first, back over its renames; also of one that is deleted.
     * </pre>
     */
    public dev.loci.v1.ListNodeRevisionsResponse listNodeRevisions(dev.loci.v1.ListNodeRevisionsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListNodeRevisionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Writes the node as it was at a revision, by a new commit; one that was deleted is there again.
     * </pre>
     */
    public dev.loci.v1.RestoreNodeResponse restoreNode(dev.loci.v1.RestoreNodeRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRestoreNodeMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service NodeService.
   * <pre>
   * Reads and writes single nodes. Each write is a commit of its own; CommitService joins several in one.
   * </pre>
   */
  public static final class NodeServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<NodeServiceFutureStub> {
    private NodeServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected NodeServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new NodeServiceFutureStub(channel, callOptions);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.CreateNodeResponse> createNode(
        dev.loci.v1.CreateNodeRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateNodeMethod(), getCallOptions()), request);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.GetNodeResponse> getNode(
        dev.loci.v1.GetNodeRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetNodeMethod(), getCallOptions()), request);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.BatchGetNodesResponse> batchGetNodes(
        dev.loci.v1.BatchGetNodesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getBatchGetNodesMethod(), getCallOptions()), request);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.ListNodesResponse> listNodes(
        dev.loci.v1.ListNodesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListNodesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Properties are merged (RFC 7396): a null deletes its key, keys that are not named stay.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.UpdateNodeResponse> updateNode(
        dev.loci.v1.UpdateNodeRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateNodeMethod(), getCallOptions()), request);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.DeleteNodeResponse> deleteNode(
        dev.loci.v1.DeleteNodeRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteNodeMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Gives the node another id. Edges, aliases and history follow; the old id is free again.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.RenameNodeResponse> renameNode(
        dev.loci.v1.RenameNodeRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRenameNodeMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * What happened to the node, latest first, back over its renames; also of one that is deleted.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.ListNodeRevisionsResponse> listNodeRevisions(
        dev.loci.v1.ListNodeRevisionsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListNodeRevisionsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Writes the node as it was at a revision, by a new commit; one that was deleted is there again.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.RestoreNodeResponse> restoreNode(
        dev.loci.v1.RestoreNodeRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRestoreNodeMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_CREATE_NODE = 0;
  private static final int METHODID_GET_NODE = 1;
  private static final int METHODID_BATCH_GET_NODES = 2;
  private static final int METHODID_LIST_NODES = 3;
  private static final int METHODID_UPDATE_NODE = 4;
  private static final int METHODID_DELETE_NODE = 5;
  private static final int METHODID_RENAME_NODE = 6;
  private static final int METHODID_LIST_NODE_REVISIONS = 7;
  private static final int METHODID_RESTORE_NODE = 8;

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
        case METHODID_CREATE_NODE:
          serviceImpl.createNode((dev.loci.v1.CreateNodeRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.CreateNodeResponse>) responseObserver);
          break;
        case METHODID_GET_NODE:
          serviceImpl.getNode((dev.loci.v1.GetNodeRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.GetNodeResponse>) responseObserver);
          break;
        case METHODID_BATCH_GET_NODES:
          serviceImpl.batchGetNodes((dev.loci.v1.BatchGetNodesRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.BatchGetNodesResponse>) responseObserver);
          break;
        case METHODID_LIST_NODES:
          serviceImpl.listNodes((dev.loci.v1.ListNodesRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.ListNodesResponse>) responseObserver);
          break;
        case METHODID_UPDATE_NODE:
          serviceImpl.updateNode((dev.loci.v1.UpdateNodeRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.UpdateNodeResponse>) responseObserver);
          break;
        case METHODID_DELETE_NODE:
          serviceImpl.deleteNode((dev.loci.v1.DeleteNodeRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.DeleteNodeResponse>) responseObserver);
          break;
        case METHODID_RENAME_NODE:
          serviceImpl.renameNode((dev.loci.v1.RenameNodeRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.RenameNodeResponse>) responseObserver);
          break;
        case METHODID_LIST_NODE_REVISIONS:
          serviceImpl.listNodeRevisions((dev.loci.v1.ListNodeRevisionsRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.ListNodeRevisionsResponse>) responseObserver);
          break;
        case METHODID_RESTORE_NODE:
          serviceImpl.restoreNode((dev.loci.v1.RestoreNodeRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.RestoreNodeResponse>) responseObserver);
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
          getCreateNodeMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.CreateNodeRequest,
              dev.loci.v1.CreateNodeResponse>(
                service, METHODID_CREATE_NODE)))
        .addMethod(
          getGetNodeMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.GetNodeRequest,
              dev.loci.v1.GetNodeResponse>(
                service, METHODID_GET_NODE)))
        .addMethod(
          getBatchGetNodesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.BatchGetNodesRequest,
              dev.loci.v1.BatchGetNodesResponse>(
                service, METHODID_BATCH_GET_NODES)))
        .addMethod(
          getListNodesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.ListNodesRequest,
              dev.loci.v1.ListNodesResponse>(
                service, METHODID_LIST_NODES)))
        .addMethod(
          getUpdateNodeMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.UpdateNodeRequest,
              dev.loci.v1.UpdateNodeResponse>(
                service, METHODID_UPDATE_NODE)))
        .addMethod(
          getDeleteNodeMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.DeleteNodeRequest,
              dev.loci.v1.DeleteNodeResponse>(
                service, METHODID_DELETE_NODE)))
        .addMethod(
          getRenameNodeMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.RenameNodeRequest,
              dev.loci.v1.RenameNodeResponse>(
                service, METHODID_RENAME_NODE)))
        .addMethod(
          getListNodeRevisionsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.ListNodeRevisionsRequest,
              dev.loci.v1.ListNodeRevisionsResponse>(
                service, METHODID_LIST_NODE_REVISIONS)))
        .addMethod(
          getRestoreNodeMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.RestoreNodeRequest,
              dev.loci.v1.RestoreNodeResponse>(
                service, METHODID_RESTORE_NODE)))
        .build();
  }

  private static abstract class NodeServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    NodeServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.loci.v1.NodeServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("NodeService");
    }
  }

  private static final class NodeServiceFileDescriptorSupplier
      extends NodeServiceBaseDescriptorSupplier {
    NodeServiceFileDescriptorSupplier() {}
  }

  private static final class NodeServiceMethodDescriptorSupplier
      extends NodeServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    NodeServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (NodeServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new NodeServiceFileDescriptorSupplier())
              .addMethod(getCreateNodeMethod())
              .addMethod(getGetNodeMethod())
              .addMethod(getBatchGetNodesMethod())
              .addMethod(getListNodesMethod())
              .addMethod(getUpdateNodeMethod())
              .addMethod(getDeleteNodeMethod())
              .addMethod(getRenameNodeMethod())
              .addMethod(getListNodeRevisionsMethod())
              .addMethod(getRestoreNodeMethod())
              .build();
        }
      }
    }
    return result;
  }
}
