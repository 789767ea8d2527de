package dev.loci.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * What an agent knows: nodes that carry text, found and packed for a prompt.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class MemoryServiceGrpc {

  private MemoryServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "loci.v1.MemoryService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.RememberRequest,
      dev.loci.v1.RememberResponse> getRememberMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Remember",
      requestType = dev.loci.v1.RememberRequest.class,
      responseType = dev.loci.v1.RememberResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.RememberRequest,
      dev.loci.v1.RememberResponse> getRememberMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.RememberRequest, dev.loci.v1.RememberResponse> getRememberMethod;
    if ((getRememberMethod = MemoryServiceGrpc.getRememberMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getRememberMethod = MemoryServiceGrpc.getRememberMethod) == null) {
          MemoryServiceGrpc.getRememberMethod = getRememberMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.RememberRequest, dev.loci.v1.RememberResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Remember"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.RememberRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.RememberResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("Remember"))
              .build();
        }
      }
    }
    return getRememberMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.ForgetRequest,
      dev.loci.v1.ForgetResponse> getForgetMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Forget",
      requestType = dev.loci.v1.ForgetRequest.class,
      responseType = dev.loci.v1.ForgetResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.ForgetRequest,
      dev.loci.v1.ForgetResponse> getForgetMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.ForgetRequest, dev.loci.v1.ForgetResponse> getForgetMethod;
    if ((getForgetMethod = MemoryServiceGrpc.getForgetMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getForgetMethod = MemoryServiceGrpc.getForgetMethod) == null) {
          MemoryServiceGrpc.getForgetMethod = getForgetMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.ForgetRequest, dev.loci.v1.ForgetResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Forget"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ForgetRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ForgetResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("Forget"))
              .build();
        }
      }
    }
    return getForgetMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.StartSessionRequest,
      dev.loci.v1.StartSessionResponse> getStartSessionMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "StartSession",
      requestType = dev.loci.v1.StartSessionRequest.class,
      responseType = dev.loci.v1.StartSessionResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.StartSessionRequest,
      dev.loci.v1.StartSessionResponse> getStartSessionMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.StartSessionRequest, dev.loci.v1.StartSessionResponse> getStartSessionMethod;
    if ((getStartSessionMethod = MemoryServiceGrpc.getStartSessionMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getStartSessionMethod = MemoryServiceGrpc.getStartSessionMethod) == null) {
          MemoryServiceGrpc.getStartSessionMethod = getStartSessionMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.StartSessionRequest, dev.loci.v1.StartSessionResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "StartSession"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.StartSessionRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.StartSessionResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("StartSession"))
              .build();
        }
      }
    }
    return getStartSessionMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.AppendTurnsRequest,
      dev.loci.v1.AppendTurnsResponse> getAppendTurnsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "AppendTurns",
      requestType = dev.loci.v1.AppendTurnsRequest.class,
      responseType = dev.loci.v1.AppendTurnsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.AppendTurnsRequest,
      dev.loci.v1.AppendTurnsResponse> getAppendTurnsMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.AppendTurnsRequest, dev.loci.v1.AppendTurnsResponse> getAppendTurnsMethod;
    if ((getAppendTurnsMethod = MemoryServiceGrpc.getAppendTurnsMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getAppendTurnsMethod = MemoryServiceGrpc.getAppendTurnsMethod) == null) {
          MemoryServiceGrpc.getAppendTurnsMethod = getAppendTurnsMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.AppendTurnsRequest, dev.loci.v1.AppendTurnsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "AppendTurns"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.AppendTurnsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.AppendTurnsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("AppendTurns"))
              .build();
        }
      }
    }
    return getAppendTurnsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.ListSessionsRequest,
      dev.loci.v1.ListSessionsResponse> getListSessionsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListSessions",
      requestType = dev.loci.v1.ListSessionsRequest.class,
      responseType = dev.loci.v1.ListSessionsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.ListSessionsRequest,
      dev.loci.v1.ListSessionsResponse> getListSessionsMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.ListSessionsRequest, dev.loci.v1.ListSessionsResponse> getListSessionsMethod;
    if ((getListSessionsMethod = MemoryServiceGrpc.getListSessionsMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getListSessionsMethod = MemoryServiceGrpc.getListSessionsMethod) == null) {
          MemoryServiceGrpc.getListSessionsMethod = getListSessionsMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.ListSessionsRequest, dev.loci.v1.ListSessionsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListSessions"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListSessionsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListSessionsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("ListSessions"))
              .build();
        }
      }
    }
    return getListSessionsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.GetTranscriptRequest,
      dev.loci.v1.GetTranscriptResponse> getGetTranscriptMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetTranscript",
      requestType = dev.loci.v1.GetTranscriptRequest.class,
      responseType = dev.loci.v1.GetTranscriptResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.GetTranscriptRequest,
      dev.loci.v1.GetTranscriptResponse> getGetTranscriptMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.GetTranscriptRequest, dev.loci.v1.GetTranscriptResponse> getGetTranscriptMethod;
    if ((getGetTranscriptMethod = MemoryServiceGrpc.getGetTranscriptMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getGetTranscriptMethod = MemoryServiceGrpc.getGetTranscriptMethod) == null) {
          MemoryServiceGrpc.getGetTranscriptMethod = getGetTranscriptMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.GetTranscriptRequest, dev.loci.v1.GetTranscriptResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetTranscript"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetTranscriptRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetTranscriptResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("GetTranscript"))
              .build();
        }
      }
    }
    return getGetTranscriptMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.RecallRequest,
      dev.loci.v1.RecallResponse> getRecallMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Recall",
      requestType = dev.loci.v1.RecallRequest.class,
      responseType = dev.loci.v1.RecallResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.RecallRequest,
      dev.loci.v1.RecallResponse> getRecallMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.RecallRequest, dev.loci.v1.RecallResponse> getRecallMethod;
    if ((getRecallMethod = MemoryServiceGrpc.getRecallMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getRecallMethod = MemoryServiceGrpc.getRecallMethod) == null) {
          MemoryServiceGrpc.getRecallMethod = getRecallMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.RecallRequest, dev.loci.v1.RecallResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Recall"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.RecallRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.RecallResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("Recall"))
              .build();
        }
      }
    }
    return getRecallMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.BatchGetSalienceRequest,
      dev.loci.v1.BatchGetSalienceResponse> getBatchGetSalienceMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "BatchGetSalience",
      requestType = dev.loci.v1.BatchGetSalienceRequest.class,
      responseType = dev.loci.v1.BatchGetSalienceResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.BatchGetSalienceRequest,
      dev.loci.v1.BatchGetSalienceResponse> getBatchGetSalienceMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.BatchGetSalienceRequest, dev.loci.v1.BatchGetSalienceResponse> getBatchGetSalienceMethod;
    if ((getBatchGetSalienceMethod = MemoryServiceGrpc.getBatchGetSalienceMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getBatchGetSalienceMethod = MemoryServiceGrpc.getBatchGetSalienceMethod) == null) {
          MemoryServiceGrpc.getBatchGetSalienceMethod = getBatchGetSalienceMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.BatchGetSalienceRequest, dev.loci.v1.BatchGetSalienceResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "BatchGetSalience"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.BatchGetSalienceRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.BatchGetSalienceResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("BatchGetSalience"))
              .build();
        }
      }
    }
    return getBatchGetSalienceMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.BoostMemoryRequest,
      dev.loci.v1.BoostMemoryResponse> getBoostMemoryMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "BoostMemory",
      requestType = dev.loci.v1.BoostMemoryRequest.class,
      responseType = dev.loci.v1.BoostMemoryResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.BoostMemoryRequest,
      dev.loci.v1.BoostMemoryResponse> getBoostMemoryMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.BoostMemoryRequest, dev.loci.v1.BoostMemoryResponse> getBoostMemoryMethod;
    if ((getBoostMemoryMethod = MemoryServiceGrpc.getBoostMemoryMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getBoostMemoryMethod = MemoryServiceGrpc.getBoostMemoryMethod) == null) {
          MemoryServiceGrpc.getBoostMemoryMethod = getBoostMemoryMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.BoostMemoryRequest, dev.loci.v1.BoostMemoryResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "BoostMemory"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.BoostMemoryRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.BoostMemoryResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("BoostMemory"))
              .build();
        }
      }
    }
    return getBoostMemoryMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.RecalculateRequest,
      dev.loci.v1.RecalculateResponse> getRecalculateMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Recalculate",
      requestType = dev.loci.v1.RecalculateRequest.class,
      responseType = dev.loci.v1.RecalculateResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.RecalculateRequest,
      dev.loci.v1.RecalculateResponse> getRecalculateMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.RecalculateRequest, dev.loci.v1.RecalculateResponse> getRecalculateMethod;
    if ((getRecalculateMethod = MemoryServiceGrpc.getRecalculateMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getRecalculateMethod = MemoryServiceGrpc.getRecalculateMethod) == null) {
          MemoryServiceGrpc.getRecalculateMethod = getRecalculateMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.RecalculateRequest, dev.loci.v1.RecalculateResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Recalculate"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.RecalculateRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.RecalculateResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("Recalculate"))
              .build();
        }
      }
    }
    return getRecalculateMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.GetRecalculationRequest,
      dev.loci.v1.GetRecalculationResponse> getGetRecalculationMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetRecalculation",
      requestType = dev.loci.v1.GetRecalculationRequest.class,
      responseType = dev.loci.v1.GetRecalculationResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.GetRecalculationRequest,
      dev.loci.v1.GetRecalculationResponse> getGetRecalculationMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.GetRecalculationRequest, dev.loci.v1.GetRecalculationResponse> getGetRecalculationMethod;
    if ((getGetRecalculationMethod = MemoryServiceGrpc.getGetRecalculationMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getGetRecalculationMethod = MemoryServiceGrpc.getGetRecalculationMethod) == null) {
          MemoryServiceGrpc.getGetRecalculationMethod = getGetRecalculationMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.GetRecalculationRequest, dev.loci.v1.GetRecalculationResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetRecalculation"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetRecalculationRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetRecalculationResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("GetRecalculation"))
              .build();
        }
      }
    }
    return getGetRecalculationMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.ListQueriesRequest,
      dev.loci.v1.ListQueriesResponse> getListQueriesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListQueries",
      requestType = dev.loci.v1.ListQueriesRequest.class,
      responseType = dev.loci.v1.ListQueriesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.ListQueriesRequest,
      dev.loci.v1.ListQueriesResponse> getListQueriesMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.ListQueriesRequest, dev.loci.v1.ListQueriesResponse> getListQueriesMethod;
    if ((getListQueriesMethod = MemoryServiceGrpc.getListQueriesMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getListQueriesMethod = MemoryServiceGrpc.getListQueriesMethod) == null) {
          MemoryServiceGrpc.getListQueriesMethod = getListQueriesMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.ListQueriesRequest, dev.loci.v1.ListQueriesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListQueries"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListQueriesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListQueriesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("ListQueries"))
              .build();
        }
      }
    }
    return getListQueriesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.GiveFeedbackRequest,
      dev.loci.v1.GiveFeedbackResponse> getGiveFeedbackMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GiveFeedback",
      requestType = dev.loci.v1.GiveFeedbackRequest.class,
      responseType = dev.loci.v1.GiveFeedbackResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.GiveFeedbackRequest,
      dev.loci.v1.GiveFeedbackResponse> getGiveFeedbackMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.GiveFeedbackRequest, dev.loci.v1.GiveFeedbackResponse> getGiveFeedbackMethod;
    if ((getGiveFeedbackMethod = MemoryServiceGrpc.getGiveFeedbackMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getGiveFeedbackMethod = MemoryServiceGrpc.getGiveFeedbackMethod) == null) {
          MemoryServiceGrpc.getGiveFeedbackMethod = getGiveFeedbackMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.GiveFeedbackRequest, dev.loci.v1.GiveFeedbackResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GiveFeedback"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GiveFeedbackRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GiveFeedbackResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("GiveFeedback"))
              .build();
        }
      }
    }
    return getGiveFeedbackMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.ListFeedbackRequest,
      dev.loci.v1.ListFeedbackResponse> getListFeedbackMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListFeedback",
      requestType = dev.loci.v1.ListFeedbackRequest.class,
      responseType = dev.loci.v1.ListFeedbackResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.ListFeedbackRequest,
      dev.loci.v1.ListFeedbackResponse> getListFeedbackMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.ListFeedbackRequest, dev.loci.v1.ListFeedbackResponse> getListFeedbackMethod;
    if ((getListFeedbackMethod = MemoryServiceGrpc.getListFeedbackMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getListFeedbackMethod = MemoryServiceGrpc.getListFeedbackMethod) == null) {
          MemoryServiceGrpc.getListFeedbackMethod = getListFeedbackMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.ListFeedbackRequest, dev.loci.v1.ListFeedbackResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListFeedback"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListFeedbackRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListFeedbackResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("ListFeedback"))
              .build();
        }
      }
    }
    return getListFeedbackMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.SummarizeFeedbackRequest,
      dev.loci.v1.SummarizeFeedbackResponse> getSummarizeFeedbackMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "SummarizeFeedback",
      requestType = dev.loci.v1.SummarizeFeedbackRequest.class,
      responseType = dev.loci.v1.SummarizeFeedbackResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.SummarizeFeedbackRequest,
      dev.loci.v1.SummarizeFeedbackResponse> getSummarizeFeedbackMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.SummarizeFeedbackRequest, dev.loci.v1.SummarizeFeedbackResponse> getSummarizeFeedbackMethod;
    if ((getSummarizeFeedbackMethod = MemoryServiceGrpc.getSummarizeFeedbackMethod) == null) {
      synchronized (MemoryServiceGrpc.class) {
        if ((getSummarizeFeedbackMethod = MemoryServiceGrpc.getSummarizeFeedbackMethod) == null) {
          MemoryServiceGrpc.getSummarizeFeedbackMethod = getSummarizeFeedbackMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.SummarizeFeedbackRequest, dev.loci.v1.SummarizeFeedbackResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "SummarizeFeedback"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.SummarizeFeedbackRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.SummarizeFeedbackResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MemoryServiceMethodDescriptorSupplier("SummarizeFeedback"))
              .build();
        }
      }
    }
    return getSummarizeFeedbackMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static MemoryServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<MemoryServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<MemoryServiceStub>() {
        @java.lang.Override
        public MemoryServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new MemoryServiceStub(channel, callOptions);
        }
      };
    return MemoryServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static MemoryServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<MemoryServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<MemoryServiceBlockingV2Stub>() {
        @java.lang.Override
        public MemoryServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new MemoryServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return MemoryServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static MemoryServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<MemoryServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<MemoryServiceBlockingStub>() {
        @java.lang.Override
        public MemoryServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new MemoryServiceBlockingStub(channel, callOptions);
        }
      };
    return MemoryServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static MemoryServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<MemoryServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<MemoryServiceFutureStub>() {
        @java.lang.Override
        public MemoryServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new MemoryServiceFutureStub(channel, callOptions);
        }
      };
    return MemoryServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * What an agent knows: nodes that carry text, found and packed for a prompt.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Keeps a memory, unless it is there already. What is written, and all that changes by it, is one commit.
     * </pre>
     */
    default void remember(dev.loci.v1.RememberRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.RememberResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRememberMethod(), responseObserver);
    }

    /**
     * <pre>
     * Deletes memories by name or by filter, in one commit of at most 1,000.
     * </pre>
     */
    default void forget(dev.loci.v1.ForgetRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ForgetResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getForgetMethod(), responseObserver);
    }

    /**
     * <pre>
     * Begins a session: a conversation whose turns are kept in their order.
     * </pre>
     */
    default void startSession(dev.loci.v1.StartSessionRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.StartSessionResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getStartSessionMethod(), responseObserver);
    }

    /**
     * <pre>
     * Adds turns to the end of a session, in one commit. Each becomes a node of type `turn` with edges to the turn before it,
     * to its session, and to its speaker.
     * </pre>
     */
    default void appendTurns(dev.loci.v1.AppendTurnsRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.AppendTurnsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getAppendTurnsMethod(), responseObserver);
    }

    /**
     * <pre>
     * The sessions of a graph, in order of id.
     * </pre>
     */
    default void listSessions(dev.loci.v1.ListSessionsRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListSessionsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListSessionsMethod(), responseObserver);
    }

    /**
     * <pre>
     * What was said in a session, in its order.
     * </pre>
     */
    default void getTranscript(dev.loci.v1.GetTranscriptRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetTranscriptResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetTranscriptMethod(), responseObserver);
    }

    /**
     * <pre>
     * The memories of one or several graphs that bear on a query, best first, and a text of them that fits a budget. A memory
     * is a node with text. What is superseded is left out, unless the filter, a fact time, or a query that names a time gone
     * by or asks what used to be asks for it.
     * </pre>
     */
    default void recall(dev.loci.v1.RecallRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.RecallResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRecallMethod(), responseObserver);
    }

    /**
     * <pre>
     * How much memories matter now, and why.
     * </pre>
     */
    default void batchGetSalience(dev.loci.v1.BatchGetSalienceRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.BatchGetSalienceResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getBatchGetSalienceMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lifts a memory above its like, or lowers it, until that is taken back.
     * </pre>
     */
    default void boostMemory(dev.loci.v1.BoostMemoryRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.BoostMemoryResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getBoostMemoryMethod(), responseObserver);
    }

    /**
     * <pre>
     * Begins to compute the salience of all nodes and to store it, so that filters can compare it (min_current_salience).
     * One run of a graph at a time; ranking needs none, it computes what it needs.
     * </pre>
     */
    default void recalculate(dev.loci.v1.RecalculateRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.RecalculateResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRecalculateMethod(), responseObserver);
    }

    /**
     * <pre>
     * How far it is.
     * </pre>
     */
    default void getRecalculation(dev.loci.v1.GetRecalculationRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetRecalculationResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetRecalculationMethod(), responseObserver);
    }

    /**
     * <pre>
     * What was asked of a graph. Needs the scope ADMIN.
     * </pre>
     */
    default void listQueries(dev.loci.v1.ListQueriesRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListQueriesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListQueriesMethod(), responseObserver);
    }

    /**
     */
    default void giveFeedback(dev.loci.v1.GiveFeedbackRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GiveFeedbackResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGiveFeedbackMethod(), responseObserver);
    }

    /**
     * <pre>
     * Feedback with its comments. Needs the scope ADMIN.
     * </pre>
     */
    default void listFeedback(dev.loci.v1.ListFeedbackRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListFeedbackResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListFeedbackMethod(), responseObserver);
    }

    /**
     * <pre>
     * Counts of feedback, and the nodes that got most of it.
     * </pre>
     */
    default void summarizeFeedback(dev.loci.v1.SummarizeFeedbackRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.SummarizeFeedbackResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getSummarizeFeedbackMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service MemoryService.
   * <pre>
   * What an agent knows: nodes that carry text, found and packed for a prompt.
   * </pre>
   */
  public static abstract class MemoryServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return MemoryServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service MemoryService.
   * <pre>
   * What an agent knows: nodes that carry text, found and packed for a prompt.
   * </pre>
   */
  public static final class MemoryServiceStub
      extends io.grpc.stub.AbstractAsyncStub<MemoryServiceStub> {
    private MemoryServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected MemoryServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new MemoryServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Keeps a memory, unless it is there already. What is written, and all that changes by it, is one commit.
     * </pre>
     */
    public void remember(dev.loci.v1.RememberRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.RememberResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRememberMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Deletes memories by name or by filter, in one commit of at most 1,000.
     * </pre>
     */
    public void forget(dev.loci.v1.ForgetRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ForgetResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getForgetMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Begins a session: a conversation whose turns are kept in their order.
     * </pre>
     */
    public void startSession(dev.loci.v1.StartSessionRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.StartSessionResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getStartSessionMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Adds turns to the end of a session, in one commit. Each becomes a node of type `turn` with edges to the turn before it,
     * to its session, and to its speaker.
     * </pre>
     */
    public void appendTurns(dev.loci.v1.AppendTurnsRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.AppendTurnsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getAppendTurnsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * The sessions of a graph, in order of id.
     * </pre>
     */
    public void listSessions(dev.loci.v1.ListSessionsRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListSessionsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListSessionsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * What was said in a session, in its order.
     * </pre>
     */
    public void getTranscript(dev.loci.v1.GetTranscriptRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetTranscriptResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetTranscriptMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * The memories of one or several graphs that bear on a query, best first, and a text of them that fits a budget. A memory
     * is a node with text. What is superseded is left out, unless the filter, a fact time, or a query that names a time gone
     * by or asks what used to be asks for it.
     * </pre>
     */
    public void recall(dev.loci.v1.RecallRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.RecallResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRecallMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * How much memories matter now, and why.
     * </pre>
     */
    public void batchGetSalience(dev.loci.v1.BatchGetSalienceRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.BatchGetSalienceResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getBatchGetSalienceMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lifts a memory above its like, or lowers it, until that is taken back.
     * </pre>
     */
    public void boostMemory(dev.loci.v1.BoostMemoryRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.BoostMemoryResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getBoostMemoryMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Begins to compute the salience of all nodes and to store it, so that filters can compare it (min_current_salience).
     * One run of a graph at a time; ranking needs none, it computes what it needs.
     * </pre>
     */
    public void recalculate(dev.loci.v1.RecalculateRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.RecalculateResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRecalculateMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * How far it is.
     * </pre>
     */
    public void getRecalculation(dev.loci.v1.GetRecalculationRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetRecalculationResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetRecalculationMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * What was asked of a graph. Needs the scope ADMIN.
     * </pre>
     */
    public void listQueries(dev.loci.v1.ListQueriesRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListQueriesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListQueriesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     */
    public void giveFeedback(dev.loci.v1.GiveFeedbackRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GiveFeedbackResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGiveFeedbackMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Feedback with its comments. Needs the scope ADMIN.
     * </pre>
     */
    public void listFeedback(dev.loci.v1.ListFeedbackRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListFeedbackResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListFeedbackMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Counts of feedback, and the nodes that got most of it.
     * </pre>
     */
    public void summarizeFeedback(dev.loci.v1.SummarizeFeedbackRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.SummarizeFeedbackResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getSummarizeFeedbackMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service MemoryService.
   * <pre>
   * What an agent knows: nodes that carry text, found and packed for a prompt.
   * </pre>
   */
  public static final class MemoryServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<MemoryServiceBlockingV2Stub> {
    private MemoryServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected MemoryServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new MemoryServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Keeps a memory, unless it is there already. What is written, and all that changes by it, is one commit.
     * </pre>
     */
    public dev.loci.v1.RememberResponse remember(dev.loci.v1.RememberRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRememberMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes memories by name or by filter, in one commit of at most 1,000.
     * </pre>
     */
    public dev.loci.v1.ForgetResponse forget(dev.loci.v1.ForgetRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getForgetMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Begins a session: a conversation whose turns are kept in their order.
     * </pre>
     */
    public dev.loci.v1.StartSessionResponse startSession(dev.loci.v1.StartSessionRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getStartSessionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Adds turns to the end of a session, in one commit. Each becomes a node of type `turn` with edges to the turn before it,
     * to its session, and to its speaker.
     * </pre>
     */
    public dev.loci.v1.AppendTurnsResponse appendTurns(dev.loci.v1.AppendTurnsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getAppendTurnsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * The sessions of a graph, in order of id.
     * </pre>
     */
    public dev.loci.v1.ListSessionsResponse listSessions(dev.loci.v1.ListSessionsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListSessionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * What was said in a session, in its order.
     * </pre>
     */
    public dev.loci.v1.GetTranscriptResponse getTranscript(dev.loci.v1.GetTranscriptRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetTranscriptMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * The memories of one or several graphs that bear on a query, best first, and a text of them that fits a budget. A memory
     * is a node with text. What is superseded is left out, unless the filter, a fact time, or a query that names a time gone
     * by or asks what used to be asks for it.
     * </pre>
     */
    public dev.loci.v1.RecallResponse recall(dev.loci.v1.RecallRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRecallMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * How much memories matter now, and why.
     * </pre>
     */
    public dev.loci.v1.BatchGetSalienceResponse batchGetSalience(dev.loci.v1.BatchGetSalienceRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getBatchGetSalienceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lifts a memory above its like, or lowers it, until that is taken back.
     * </pre>
     */
    public dev.loci.v1.BoostMemoryResponse boostMemory(dev.loci.v1.BoostMemoryRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getBoostMemoryMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Begins to compute the salience of all nodes and to store it, so that filters can compare it (min_current_salience).
     * One run of a graph at a time; ranking needs none, it computes what it needs.
     * </pre>
     */
    public dev.loci.v1.RecalculateResponse recalculate(dev.loci.v1.RecalculateRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRecalculateMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * How far it is.
     * </pre>
     */
    public dev.loci.v1.GetRecalculationResponse getRecalculation(dev.loci.v1.GetRecalculationRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetRecalculationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * What was asked of a graph. Needs the scope ADMIN.
     * </pre>
     */
    public dev.loci.v1.ListQueriesResponse listQueries(dev.loci.v1.ListQueriesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListQueriesMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.GiveFeedbackResponse giveFeedback(dev.loci.v1.GiveFeedbackRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGiveFeedbackMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Feedback with its comments. Needs the scope ADMIN.
     * </pre>
     */
    public dev.loci.v1.ListFeedbackResponse listFeedback(dev.loci.v1.ListFeedbackRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListFeedbackMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Counts of feedback, and the nodes that got most of it.
     * </pre>
     */
    public dev.loci.v1.SummarizeFeedbackResponse summarizeFeedback(dev.loci.v1.SummarizeFeedbackRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getSummarizeFeedbackMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service MemoryService.
   * <pre>
   * What an agent knows: nodes that carry text, found and packed for a prompt.
   * </pre>
   */
  public static final class MemoryServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<MemoryServiceBlockingStub> {
    private MemoryServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected MemoryServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new MemoryServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Keeps a memory, unless it is there already. What is written, and all that changes by it, is one commit.
     * </pre>
     */
    public dev.loci.v1.RememberResponse remember(dev.loci.v1.RememberRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRememberMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes memories by name or by filter, in one commit of at most 1,000.
     * </pre>
     */
    public dev.loci.v1.ForgetResponse forget(dev.loci.v1.ForgetRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getForgetMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Begins a session: a conversation whose turns are kept in their order.
     * </pre>
     */
    public dev.loci.v1.StartSessionResponse startSession(dev.loci.v1.StartSessionRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getStartSessionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Adds turns to the end of a session, in one commit. Each becomes a node of type `turn` with edges to the turn before it,
     * to its session, and to its speaker.
     * </pre>
     */
    public dev.loci.v1.AppendTurnsResponse appendTurns(dev.loci.v1.AppendTurnsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getAppendTurnsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * The sessions of a graph, in order of id.
     * </pre>
     */
    public dev.loci.v1.ListSessionsResponse listSessions(dev.loci.v1.ListSessionsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListSessionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * What was said in a session, in its order.
     * </pre>
     */
    public dev.loci.v1.GetTranscriptResponse getTranscript(dev.loci.v1.GetTranscriptRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetTranscriptMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * The memories of one or several graphs that bear on a query, best first, and a text of them that fits a budget. A memory
     * is a node with text. What is superseded is left out, unless the filter, a fact time, or a query that names a time gone
     * by or asks what used to be asks for it.
     * </pre>
     */
    public dev.loci.v1.RecallResponse recall(dev.loci.v1.RecallRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRecallMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * How much memories matter now, and why.
     * </pre>
     */
    public dev.loci.v1.BatchGetSalienceResponse batchGetSalience(dev.loci.v1.BatchGetSalienceRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getBatchGetSalienceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lifts a memory above its like, or lowers it, until that is taken back.
     * </pre>
     */
    public dev.loci.v1.BoostMemoryResponse boostMemory(dev.loci.v1.BoostMemoryRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getBoostMemoryMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Begins to compute the salience of all nodes and to store it, so that filters can compare it (min_current_salience).
     * One run of a graph at a time; ranking needs none, it computes what it needs.
     * </pre>
     */
    public dev.loci.v1.RecalculateResponse recalculate(dev.loci.v1.RecalculateRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRecalculateMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * How far it is.
     * </pre>
     */
    public dev.loci.v1.GetRecalculationResponse getRecalculation(dev.loci.v1.GetRecalculationRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetRecalculationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * What was asked of a graph. Needs the scope ADMIN.
     * </pre>
     */
    public dev.loci.v1.ListQueriesResponse listQueries(dev.loci.v1.ListQueriesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListQueriesMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.GiveFeedbackResponse giveFeedback(dev.loci.v1.GiveFeedbackRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGiveFeedbackMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Feedback with its comments. Needs the scope ADMIN.
     * </pre>
     */
    public dev.loci.v1.ListFeedbackResponse listFeedback(dev.loci.v1.ListFeedbackRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListFeedbackMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Counts of feedback, and the nodes that got most of it.
     * </pre>
     */
    public dev.loci.v1.SummarizeFeedbackResponse summarizeFeedback(dev.loci.v1.SummarizeFeedbackRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getSummarizeFeedbackMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service MemoryService.
   * <pre>
   * What an agent knows: nodes that carry text, found and packed for a prompt.
   * </pre>
   */
  public static final class MemoryServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<MemoryServiceFutureStub> {
    private MemoryServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected MemoryServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new MemoryServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Keeps a memory, unless it is there already. What is written, and all that changes by it, is one commit.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.RememberResponse> remember(
        dev.loci.v1.RememberRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRememberMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Deletes memories by name or by filter, in one commit of at most 1,000.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.ForgetResponse> forget(
        dev.loci.v1.ForgetRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getForgetMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Begins a session: a conversation whose turns are kept in their order.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.StartSessionResponse> startSession(
        dev.loci.v1.StartSessionRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getStartSessionMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Adds turns to the end of a session, in one commit. Each becomes a node of type `turn` with edges to the turn before it,
     * to its session, and to its speaker.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.AppendTurnsResponse> appendTurns(
        dev.loci.v1.AppendTurnsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getAppendTurnsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * The sessions of a graph, in order of id.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.ListSessionsResponse> listSessions(
        dev.loci.v1.ListSessionsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListSessionsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * What was said in a session, in its order.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.GetTranscriptResponse> getTranscript(
        dev.loci.v1.GetTranscriptRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetTranscriptMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * The memories of one or several graphs that bear on a query, best first, and a text of them that fits a budget. A memory
     * is a node with text. What is superseded is left out, unless the filter, a fact time, or a query that names a time gone
     * by or asks what used to be asks for it.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.RecallResponse> recall(
        dev.loci.v1.RecallRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRecallMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * How much memories matter now, and why.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.BatchGetSalienceResponse> batchGetSalience(
        dev.loci.v1.BatchGetSalienceRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getBatchGetSalienceMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lifts a memory above its like, or lowers it, until that is taken back.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.BoostMemoryResponse> boostMemory(
        dev.loci.v1.BoostMemoryRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getBoostMemoryMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Begins to compute the salience of all nodes and to store it, so that filters can compare it (min_current_salience).
     * One run of a graph at a time; ranking needs none, it computes what it needs.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.RecalculateResponse> recalculate(
        dev.loci.v1.RecalculateRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRecalculateMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * How far it is.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.GetRecalculationResponse> getRecalculation(
        dev.loci.v1.GetRecalculationRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetRecalculationMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * What was asked of a graph. Needs the scope ADMIN.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.ListQueriesResponse> listQueries(
        dev.loci.v1.ListQueriesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListQueriesMethod(), getCallOptions()), request);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.GiveFeedbackResponse> giveFeedback(
        dev.loci.v1.GiveFeedbackRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGiveFeedbackMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Feedback with its comments. Needs the scope ADMIN.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.ListFeedbackResponse> listFeedback(
        dev.loci.v1.ListFeedbackRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListFeedbackMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Counts of feedback, and the nodes that got most of it.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.SummarizeFeedbackResponse> summarizeFeedback(
        dev.loci.v1.SummarizeFeedbackRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getSummarizeFeedbackMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_REMEMBER = 0;
  private static final int METHODID_FORGET = 1;
  private static final int METHODID_START_SESSION = 2;
  private static final int METHODID_APPEND_TURNS = 3;
  private static final int METHODID_LIST_SESSIONS = 4;
  private static final int METHODID_GET_TRANSCRIPT = 5;
  private static final int METHODID_RECALL = 6;
  private static final int METHODID_BATCH_GET_SALIENCE = 7;
  private static final int METHODID_BOOST_MEMORY = 8;
  private static final int METHODID_RECALCULATE = 9;
  private static final int METHODID_GET_RECALCULATION = 10;
  private static final int METHODID_LIST_QUERIES = 11;
  private static final int METHODID_GIVE_FEEDBACK = 12;
  private static final int METHODID_LIST_FEEDBACK = 13;
  private static final int METHODID_SUMMARIZE_FEEDBACK = 14;

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
        case METHODID_REMEMBER:
          serviceImpl.remember((dev.loci.v1.RememberRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.RememberResponse>) responseObserver);
          break;
        case METHODID_FORGET:
          serviceImpl.forget((dev.loci.v1.ForgetRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.ForgetResponse>) responseObserver);
          break;
        case METHODID_START_SESSION:
          serviceImpl.startSession((dev.loci.v1.StartSessionRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.StartSessionResponse>) responseObserver);
          break;
        case METHODID_APPEND_TURNS:
          serviceImpl.appendTurns((dev.loci.v1.AppendTurnsRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.AppendTurnsResponse>) responseObserver);
          break;
        case METHODID_LIST_SESSIONS:
          serviceImpl.listSessions((dev.loci.v1.ListSessionsRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.ListSessionsResponse>) responseObserver);
          break;
        case METHODID_GET_TRANSCRIPT:
          serviceImpl.getTranscript((dev.loci.v1.GetTranscriptRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.GetTranscriptResponse>) responseObserver);
          break;
        case METHODID_RECALL:
          serviceImpl.recall((dev.loci.v1.RecallRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.RecallResponse>) responseObserver);
          break;
        case METHODID_BATCH_GET_SALIENCE:
          serviceImpl.batchGetSalience((dev.loci.v1.BatchGetSalienceRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.BatchGetSalienceResponse>) responseObserver);
          break;
        case METHODID_BOOST_MEMORY:
          serviceImpl.boostMemory((dev.loci.v1.BoostMemoryRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.BoostMemoryResponse>) responseObserver);
          break;
        case METHODID_RECALCULATE:
          serviceImpl.recalculate((dev.loci.v1.RecalculateRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.RecalculateResponse>) responseObserver);
          break;
        case METHODID_GET_RECALCULATION:
          serviceImpl.getRecalculation((dev.loci.v1.GetRecalculationRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.GetRecalculationResponse>) responseObserver);
          break;
        case METHODID_LIST_QUERIES:
          serviceImpl.listQueries((dev.loci.v1.ListQueriesRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.ListQueriesResponse>) responseObserver);
          break;
        case METHODID_GIVE_FEEDBACK:
          serviceImpl.giveFeedback((dev.loci.v1.GiveFeedbackRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.GiveFeedbackResponse>) responseObserver);
          break;
        case METHODID_LIST_FEEDBACK:
          serviceImpl.listFeedback((dev.loci.v1.ListFeedbackRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.ListFeedbackResponse>) responseObserver);
          break;
        case METHODID_SUMMARIZE_FEEDBACK:
          serviceImpl.summarizeFeedback((dev.loci.v1.SummarizeFeedbackRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.SummarizeFeedbackResponse>) responseObserver);
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
          getRememberMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.RememberRequest,
              dev.loci.v1.RememberResponse>(
                service, METHODID_REMEMBER)))
        .addMethod(
          getForgetMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.ForgetRequest,
              dev.loci.v1.ForgetResponse>(
                service, METHODID_FORGET)))
        .addMethod(
          getStartSessionMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.StartSessionRequest,
              dev.loci.v1.StartSessionResponse>(
                service, METHODID_START_SESSION)))
        .addMethod(
          getAppendTurnsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.AppendTurnsRequest,
              dev.loci.v1.AppendTurnsResponse>(
                service, METHODID_APPEND_TURNS)))
        .addMethod(
          getListSessionsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.ListSessionsRequest,
              dev.loci.v1.ListSessionsResponse>(
                service, METHODID_LIST_SESSIONS)))
        .addMethod(
          getGetTranscriptMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.GetTranscriptRequest,
              dev.loci.v1.GetTranscriptResponse>(
                service, METHODID_GET_TRANSCRIPT)))
        .addMethod(
          getRecallMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.RecallRequest,
              dev.loci.v1.RecallResponse>(
                service, METHODID_RECALL)))
        .addMethod(
          getBatchGetSalienceMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.BatchGetSalienceRequest,
              dev.loci.v1.BatchGetSalienceResponse>(
                service, METHODID_BATCH_GET_SALIENCE)))
        .addMethod(
          getBoostMemoryMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.BoostMemoryRequest,
              dev.loci.v1.BoostMemoryResponse>(
                service, METHODID_BOOST_MEMORY)))
        .addMethod(
          getRecalculateMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.RecalculateRequest,
              dev.loci.v1.RecalculateResponse>(
                service, METHODID_RECALCULATE)))
        .addMethod(
          getGetRecalculationMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.GetRecalculationRequest,
              dev.loci.v1.GetRecalculationResponse>(
                service, METHODID_GET_RECALCULATION)))
        .addMethod(
          getListQueriesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.ListQueriesRequest,
              dev.loci.v1.ListQueriesResponse>(
                service, METHODID_LIST_QUERIES)))
        .addMethod(
          getGiveFeedbackMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.GiveFeedbackRequest,
              dev.loci.v1.GiveFeedbackResponse>(
                service, METHODID_GIVE_FEEDBACK)))
        .addMethod(
          getListFeedbackMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.ListFeedbackRequest,
              dev.loci.v1.ListFeedbackResponse>(
                service, METHODID_LIST_FEEDBACK)))
        .addMethod(
          getSummarizeFeedbackMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.SummarizeFeedbackRequest,
              dev.loci.v1.SummarizeFeedbackResponse>(
                service, METHODID_SUMMARIZE_FEEDBACK)))
        .build();
  }

  private static abstract class MemoryServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    MemoryServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.loci.v1.MemoryServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("MemoryService");
    }
  }

  private static final class MemoryServiceFileDescriptorSupplier
      extends MemoryServiceBaseDescriptorSupplier {
    MemoryServiceFileDescriptorSupplier() {}
  }

  private static final class MemoryServiceMethodDescriptorSupplier
      extends MemoryServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    MemoryServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (MemoryServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new MemoryServiceFileDescriptorSupplier())
              .addMethod(getRememberMethod())
              .addMethod(getForgetMethod())
              .addMethod(getStartSessionMethod())
              .addMethod(getAppendTurnsMethod())
              .addMethod(getListSessionsMethod())
              .addMethod(getGetTranscriptMethod())
              .addMethod(getRecallMethod())
              .addMethod(getBatchGetSalienceMethod())
              .addMethod(getBoostMemoryMethod())
              .addMethod(getRecalculateMethod())
              .addMethod(getGetRecalculationMethod())
              .addMethod(getListQueriesMethod())
              .addMethod(getGiveFeedbackMethod())
              .addMethod(getListFeedbackMethod())
              .addMethod(getSummarizeFeedbackMethod())
              .build();
        }
      }
    }
    return result;
  }
}
