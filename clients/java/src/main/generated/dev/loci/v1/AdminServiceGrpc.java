package dev.loci.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Tenants, credentials, and the upkeep of graphs. Tenants need the OPERATOR scope; API keys need ADMIN, and OPERATOR for
 * those of another tenant.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class AdminServiceGrpc {

  private AdminServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "loci.v1.AdminService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.CreateTenantRequest,
      dev.loci.v1.CreateTenantResponse> getCreateTenantMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateTenant",
      requestType = dev.loci.v1.CreateTenantRequest.class,
      responseType = dev.loci.v1.CreateTenantResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.CreateTenantRequest,
      dev.loci.v1.CreateTenantResponse> getCreateTenantMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.CreateTenantRequest, dev.loci.v1.CreateTenantResponse> getCreateTenantMethod;
    if ((getCreateTenantMethod = AdminServiceGrpc.getCreateTenantMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getCreateTenantMethod = AdminServiceGrpc.getCreateTenantMethod) == null) {
          AdminServiceGrpc.getCreateTenantMethod = getCreateTenantMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.CreateTenantRequest, dev.loci.v1.CreateTenantResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateTenant"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.CreateTenantRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.CreateTenantResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("CreateTenant"))
              .build();
        }
      }
    }
    return getCreateTenantMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.GetTenantRequest,
      dev.loci.v1.GetTenantResponse> getGetTenantMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetTenant",
      requestType = dev.loci.v1.GetTenantRequest.class,
      responseType = dev.loci.v1.GetTenantResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.GetTenantRequest,
      dev.loci.v1.GetTenantResponse> getGetTenantMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.GetTenantRequest, dev.loci.v1.GetTenantResponse> getGetTenantMethod;
    if ((getGetTenantMethod = AdminServiceGrpc.getGetTenantMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getGetTenantMethod = AdminServiceGrpc.getGetTenantMethod) == null) {
          AdminServiceGrpc.getGetTenantMethod = getGetTenantMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.GetTenantRequest, dev.loci.v1.GetTenantResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetTenant"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetTenantRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetTenantResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("GetTenant"))
              .build();
        }
      }
    }
    return getGetTenantMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.ListTenantsRequest,
      dev.loci.v1.ListTenantsResponse> getListTenantsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListTenants",
      requestType = dev.loci.v1.ListTenantsRequest.class,
      responseType = dev.loci.v1.ListTenantsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.ListTenantsRequest,
      dev.loci.v1.ListTenantsResponse> getListTenantsMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.ListTenantsRequest, dev.loci.v1.ListTenantsResponse> getListTenantsMethod;
    if ((getListTenantsMethod = AdminServiceGrpc.getListTenantsMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getListTenantsMethod = AdminServiceGrpc.getListTenantsMethod) == null) {
          AdminServiceGrpc.getListTenantsMethod = getListTenantsMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.ListTenantsRequest, dev.loci.v1.ListTenantsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListTenants"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListTenantsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListTenantsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("ListTenants"))
              .build();
        }
      }
    }
    return getListTenantsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.UpdateTenantRequest,
      dev.loci.v1.UpdateTenantResponse> getUpdateTenantMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateTenant",
      requestType = dev.loci.v1.UpdateTenantRequest.class,
      responseType = dev.loci.v1.UpdateTenantResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.UpdateTenantRequest,
      dev.loci.v1.UpdateTenantResponse> getUpdateTenantMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.UpdateTenantRequest, dev.loci.v1.UpdateTenantResponse> getUpdateTenantMethod;
    if ((getUpdateTenantMethod = AdminServiceGrpc.getUpdateTenantMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getUpdateTenantMethod = AdminServiceGrpc.getUpdateTenantMethod) == null) {
          AdminServiceGrpc.getUpdateTenantMethod = getUpdateTenantMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.UpdateTenantRequest, dev.loci.v1.UpdateTenantResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateTenant"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.UpdateTenantRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.UpdateTenantResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("UpdateTenant"))
              .build();
        }
      }
    }
    return getUpdateTenantMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.GetTenantUsageRequest,
      dev.loci.v1.GetTenantUsageResponse> getGetTenantUsageMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetTenantUsage",
      requestType = dev.loci.v1.GetTenantUsageRequest.class,
      responseType = dev.loci.v1.GetTenantUsageResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.GetTenantUsageRequest,
      dev.loci.v1.GetTenantUsageResponse> getGetTenantUsageMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.GetTenantUsageRequest, dev.loci.v1.GetTenantUsageResponse> getGetTenantUsageMethod;
    if ((getGetTenantUsageMethod = AdminServiceGrpc.getGetTenantUsageMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getGetTenantUsageMethod = AdminServiceGrpc.getGetTenantUsageMethod) == null) {
          AdminServiceGrpc.getGetTenantUsageMethod = getGetTenantUsageMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.GetTenantUsageRequest, dev.loci.v1.GetTenantUsageResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetTenantUsage"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetTenantUsageRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetTenantUsageResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("GetTenantUsage"))
              .build();
        }
      }
    }
    return getGetTenantUsageMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.DeleteTenantRequest,
      dev.loci.v1.DeleteTenantResponse> getDeleteTenantMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteTenant",
      requestType = dev.loci.v1.DeleteTenantRequest.class,
      responseType = dev.loci.v1.DeleteTenantResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.DeleteTenantRequest,
      dev.loci.v1.DeleteTenantResponse> getDeleteTenantMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.DeleteTenantRequest, dev.loci.v1.DeleteTenantResponse> getDeleteTenantMethod;
    if ((getDeleteTenantMethod = AdminServiceGrpc.getDeleteTenantMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getDeleteTenantMethod = AdminServiceGrpc.getDeleteTenantMethod) == null) {
          AdminServiceGrpc.getDeleteTenantMethod = getDeleteTenantMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.DeleteTenantRequest, dev.loci.v1.DeleteTenantResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteTenant"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.DeleteTenantRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.DeleteTenantResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("DeleteTenant"))
              .build();
        }
      }
    }
    return getDeleteTenantMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.UndeleteTenantRequest,
      dev.loci.v1.UndeleteTenantResponse> getUndeleteTenantMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UndeleteTenant",
      requestType = dev.loci.v1.UndeleteTenantRequest.class,
      responseType = dev.loci.v1.UndeleteTenantResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.UndeleteTenantRequest,
      dev.loci.v1.UndeleteTenantResponse> getUndeleteTenantMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.UndeleteTenantRequest, dev.loci.v1.UndeleteTenantResponse> getUndeleteTenantMethod;
    if ((getUndeleteTenantMethod = AdminServiceGrpc.getUndeleteTenantMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getUndeleteTenantMethod = AdminServiceGrpc.getUndeleteTenantMethod) == null) {
          AdminServiceGrpc.getUndeleteTenantMethod = getUndeleteTenantMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.UndeleteTenantRequest, dev.loci.v1.UndeleteTenantResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UndeleteTenant"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.UndeleteTenantRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.UndeleteTenantResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("UndeleteTenant"))
              .build();
        }
      }
    }
    return getUndeleteTenantMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.CreateApiKeyRequest,
      dev.loci.v1.CreateApiKeyResponse> getCreateApiKeyMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateApiKey",
      requestType = dev.loci.v1.CreateApiKeyRequest.class,
      responseType = dev.loci.v1.CreateApiKeyResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.CreateApiKeyRequest,
      dev.loci.v1.CreateApiKeyResponse> getCreateApiKeyMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.CreateApiKeyRequest, dev.loci.v1.CreateApiKeyResponse> getCreateApiKeyMethod;
    if ((getCreateApiKeyMethod = AdminServiceGrpc.getCreateApiKeyMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getCreateApiKeyMethod = AdminServiceGrpc.getCreateApiKeyMethod) == null) {
          AdminServiceGrpc.getCreateApiKeyMethod = getCreateApiKeyMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.CreateApiKeyRequest, dev.loci.v1.CreateApiKeyResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateApiKey"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.CreateApiKeyRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.CreateApiKeyResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("CreateApiKey"))
              .build();
        }
      }
    }
    return getCreateApiKeyMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.ListApiKeysRequest,
      dev.loci.v1.ListApiKeysResponse> getListApiKeysMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListApiKeys",
      requestType = dev.loci.v1.ListApiKeysRequest.class,
      responseType = dev.loci.v1.ListApiKeysResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.ListApiKeysRequest,
      dev.loci.v1.ListApiKeysResponse> getListApiKeysMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.ListApiKeysRequest, dev.loci.v1.ListApiKeysResponse> getListApiKeysMethod;
    if ((getListApiKeysMethod = AdminServiceGrpc.getListApiKeysMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getListApiKeysMethod = AdminServiceGrpc.getListApiKeysMethod) == null) {
          AdminServiceGrpc.getListApiKeysMethod = getListApiKeysMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.ListApiKeysRequest, dev.loci.v1.ListApiKeysResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListApiKeys"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListApiKeysRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListApiKeysResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("ListApiKeys"))
              .build();
        }
      }
    }
    return getListApiKeysMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.RotateApiKeyRequest,
      dev.loci.v1.RotateApiKeyResponse> getRotateApiKeyMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RotateApiKey",
      requestType = dev.loci.v1.RotateApiKeyRequest.class,
      responseType = dev.loci.v1.RotateApiKeyResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.RotateApiKeyRequest,
      dev.loci.v1.RotateApiKeyResponse> getRotateApiKeyMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.RotateApiKeyRequest, dev.loci.v1.RotateApiKeyResponse> getRotateApiKeyMethod;
    if ((getRotateApiKeyMethod = AdminServiceGrpc.getRotateApiKeyMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getRotateApiKeyMethod = AdminServiceGrpc.getRotateApiKeyMethod) == null) {
          AdminServiceGrpc.getRotateApiKeyMethod = getRotateApiKeyMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.RotateApiKeyRequest, dev.loci.v1.RotateApiKeyResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RotateApiKey"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.RotateApiKeyRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.RotateApiKeyResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("RotateApiKey"))
              .build();
        }
      }
    }
    return getRotateApiKeyMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.RevokeApiKeyRequest,
      dev.loci.v1.RevokeApiKeyResponse> getRevokeApiKeyMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RevokeApiKey",
      requestType = dev.loci.v1.RevokeApiKeyRequest.class,
      responseType = dev.loci.v1.RevokeApiKeyResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.RevokeApiKeyRequest,
      dev.loci.v1.RevokeApiKeyResponse> getRevokeApiKeyMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.RevokeApiKeyRequest, dev.loci.v1.RevokeApiKeyResponse> getRevokeApiKeyMethod;
    if ((getRevokeApiKeyMethod = AdminServiceGrpc.getRevokeApiKeyMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getRevokeApiKeyMethod = AdminServiceGrpc.getRevokeApiKeyMethod) == null) {
          AdminServiceGrpc.getRevokeApiKeyMethod = getRevokeApiKeyMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.RevokeApiKeyRequest, dev.loci.v1.RevokeApiKeyResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RevokeApiKey"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.RevokeApiKeyRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.RevokeApiKeyResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("RevokeApiKey"))
              .build();
        }
      }
    }
    return getRevokeApiKeyMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.GetIdentityRequest,
      dev.loci.v1.GetIdentityResponse> getGetIdentityMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetIdentity",
      requestType = dev.loci.v1.GetIdentityRequest.class,
      responseType = dev.loci.v1.GetIdentityResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.GetIdentityRequest,
      dev.loci.v1.GetIdentityResponse> getGetIdentityMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.GetIdentityRequest, dev.loci.v1.GetIdentityResponse> getGetIdentityMethod;
    if ((getGetIdentityMethod = AdminServiceGrpc.getGetIdentityMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getGetIdentityMethod = AdminServiceGrpc.getGetIdentityMethod) == null) {
          AdminServiceGrpc.getGetIdentityMethod = getGetIdentityMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.GetIdentityRequest, dev.loci.v1.GetIdentityResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetIdentity"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetIdentityRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetIdentityResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("GetIdentity"))
              .build();
        }
      }
    }
    return getGetIdentityMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.ListIdentitiesRequest,
      dev.loci.v1.ListIdentitiesResponse> getListIdentitiesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListIdentities",
      requestType = dev.loci.v1.ListIdentitiesRequest.class,
      responseType = dev.loci.v1.ListIdentitiesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.ListIdentitiesRequest,
      dev.loci.v1.ListIdentitiesResponse> getListIdentitiesMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.ListIdentitiesRequest, dev.loci.v1.ListIdentitiesResponse> getListIdentitiesMethod;
    if ((getListIdentitiesMethod = AdminServiceGrpc.getListIdentitiesMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getListIdentitiesMethod = AdminServiceGrpc.getListIdentitiesMethod) == null) {
          AdminServiceGrpc.getListIdentitiesMethod = getListIdentitiesMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.ListIdentitiesRequest, dev.loci.v1.ListIdentitiesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListIdentities"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListIdentitiesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListIdentitiesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("ListIdentities"))
              .build();
        }
      }
    }
    return getListIdentitiesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.ListAuditEntriesRequest,
      dev.loci.v1.ListAuditEntriesResponse> getListAuditEntriesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListAuditEntries",
      requestType = dev.loci.v1.ListAuditEntriesRequest.class,
      responseType = dev.loci.v1.ListAuditEntriesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.ListAuditEntriesRequest,
      dev.loci.v1.ListAuditEntriesResponse> getListAuditEntriesMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.ListAuditEntriesRequest, dev.loci.v1.ListAuditEntriesResponse> getListAuditEntriesMethod;
    if ((getListAuditEntriesMethod = AdminServiceGrpc.getListAuditEntriesMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getListAuditEntriesMethod = AdminServiceGrpc.getListAuditEntriesMethod) == null) {
          AdminServiceGrpc.getListAuditEntriesMethod = getListAuditEntriesMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.ListAuditEntriesRequest, dev.loci.v1.ListAuditEntriesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListAuditEntries"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListAuditEntriesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListAuditEntriesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("ListAuditEntries"))
              .build();
        }
      }
    }
    return getListAuditEntriesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.ExportAuditEntriesRequest,
      dev.loci.v1.ExportAuditEntriesResponse> getExportAuditEntriesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ExportAuditEntries",
      requestType = dev.loci.v1.ExportAuditEntriesRequest.class,
      responseType = dev.loci.v1.ExportAuditEntriesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<dev.loci.v1.ExportAuditEntriesRequest,
      dev.loci.v1.ExportAuditEntriesResponse> getExportAuditEntriesMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.ExportAuditEntriesRequest, dev.loci.v1.ExportAuditEntriesResponse> getExportAuditEntriesMethod;
    if ((getExportAuditEntriesMethod = AdminServiceGrpc.getExportAuditEntriesMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getExportAuditEntriesMethod = AdminServiceGrpc.getExportAuditEntriesMethod) == null) {
          AdminServiceGrpc.getExportAuditEntriesMethod = getExportAuditEntriesMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.ExportAuditEntriesRequest, dev.loci.v1.ExportAuditEntriesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ExportAuditEntries"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ExportAuditEntriesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ExportAuditEntriesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("ExportAuditEntries"))
              .build();
        }
      }
    }
    return getExportAuditEntriesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.VerifyAuditRequest,
      dev.loci.v1.VerifyAuditResponse> getVerifyAuditMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "VerifyAudit",
      requestType = dev.loci.v1.VerifyAuditRequest.class,
      responseType = dev.loci.v1.VerifyAuditResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.VerifyAuditRequest,
      dev.loci.v1.VerifyAuditResponse> getVerifyAuditMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.VerifyAuditRequest, dev.loci.v1.VerifyAuditResponse> getVerifyAuditMethod;
    if ((getVerifyAuditMethod = AdminServiceGrpc.getVerifyAuditMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getVerifyAuditMethod = AdminServiceGrpc.getVerifyAuditMethod) == null) {
          AdminServiceGrpc.getVerifyAuditMethod = getVerifyAuditMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.VerifyAuditRequest, dev.loci.v1.VerifyAuditResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "VerifyAudit"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.VerifyAuditRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.VerifyAuditResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("VerifyAudit"))
              .build();
        }
      }
    }
    return getVerifyAuditMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.GetReembeddingRequest,
      dev.loci.v1.GetReembeddingResponse> getGetReembeddingMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetReembedding",
      requestType = dev.loci.v1.GetReembeddingRequest.class,
      responseType = dev.loci.v1.GetReembeddingResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.GetReembeddingRequest,
      dev.loci.v1.GetReembeddingResponse> getGetReembeddingMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.GetReembeddingRequest, dev.loci.v1.GetReembeddingResponse> getGetReembeddingMethod;
    if ((getGetReembeddingMethod = AdminServiceGrpc.getGetReembeddingMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getGetReembeddingMethod = AdminServiceGrpc.getGetReembeddingMethod) == null) {
          AdminServiceGrpc.getGetReembeddingMethod = getGetReembeddingMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.GetReembeddingRequest, dev.loci.v1.GetReembeddingResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetReembedding"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetReembeddingRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetReembeddingResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("GetReembedding"))
              .build();
        }
      }
    }
    return getGetReembeddingMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.ListReembeddingsRequest,
      dev.loci.v1.ListReembeddingsResponse> getListReembeddingsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListReembeddings",
      requestType = dev.loci.v1.ListReembeddingsRequest.class,
      responseType = dev.loci.v1.ListReembeddingsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.ListReembeddingsRequest,
      dev.loci.v1.ListReembeddingsResponse> getListReembeddingsMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.ListReembeddingsRequest, dev.loci.v1.ListReembeddingsResponse> getListReembeddingsMethod;
    if ((getListReembeddingsMethod = AdminServiceGrpc.getListReembeddingsMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getListReembeddingsMethod = AdminServiceGrpc.getListReembeddingsMethod) == null) {
          AdminServiceGrpc.getListReembeddingsMethod = getListReembeddingsMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.ListReembeddingsRequest, dev.loci.v1.ListReembeddingsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListReembeddings"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListReembeddingsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListReembeddingsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("ListReembeddings"))
              .build();
        }
      }
    }
    return getListReembeddingsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.ReembedGraphRequest,
      dev.loci.v1.ReembedGraphResponse> getReembedGraphMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ReembedGraph",
      requestType = dev.loci.v1.ReembedGraphRequest.class,
      responseType = dev.loci.v1.ReembedGraphResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.ReembedGraphRequest,
      dev.loci.v1.ReembedGraphResponse> getReembedGraphMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.ReembedGraphRequest, dev.loci.v1.ReembedGraphResponse> getReembedGraphMethod;
    if ((getReembedGraphMethod = AdminServiceGrpc.getReembedGraphMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getReembedGraphMethod = AdminServiceGrpc.getReembedGraphMethod) == null) {
          AdminServiceGrpc.getReembedGraphMethod = getReembedGraphMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.ReembedGraphRequest, dev.loci.v1.ReembedGraphResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ReembedGraph"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ReembedGraphRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ReembedGraphResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("ReembedGraph"))
              .build();
        }
      }
    }
    return getReembedGraphMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.RotateKeysRequest,
      dev.loci.v1.RotateKeysResponse> getRotateKeysMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RotateKeys",
      requestType = dev.loci.v1.RotateKeysRequest.class,
      responseType = dev.loci.v1.RotateKeysResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.RotateKeysRequest,
      dev.loci.v1.RotateKeysResponse> getRotateKeysMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.RotateKeysRequest, dev.loci.v1.RotateKeysResponse> getRotateKeysMethod;
    if ((getRotateKeysMethod = AdminServiceGrpc.getRotateKeysMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getRotateKeysMethod = AdminServiceGrpc.getRotateKeysMethod) == null) {
          AdminServiceGrpc.getRotateKeysMethod = getRotateKeysMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.RotateKeysRequest, dev.loci.v1.RotateKeysResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RotateKeys"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.RotateKeysRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.RotateKeysResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("RotateKeys"))
              .build();
        }
      }
    }
    return getRotateKeysMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.GetKeyRotationRequest,
      dev.loci.v1.GetKeyRotationResponse> getGetKeyRotationMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetKeyRotation",
      requestType = dev.loci.v1.GetKeyRotationRequest.class,
      responseType = dev.loci.v1.GetKeyRotationResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.GetKeyRotationRequest,
      dev.loci.v1.GetKeyRotationResponse> getGetKeyRotationMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.GetKeyRotationRequest, dev.loci.v1.GetKeyRotationResponse> getGetKeyRotationMethod;
    if ((getGetKeyRotationMethod = AdminServiceGrpc.getGetKeyRotationMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getGetKeyRotationMethod = AdminServiceGrpc.getGetKeyRotationMethod) == null) {
          AdminServiceGrpc.getGetKeyRotationMethod = getGetKeyRotationMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.GetKeyRotationRequest, dev.loci.v1.GetKeyRotationResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetKeyRotation"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetKeyRotationRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetKeyRotationResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("GetKeyRotation"))
              .build();
        }
      }
    }
    return getGetKeyRotationMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.ListKeyRotationsRequest,
      dev.loci.v1.ListKeyRotationsResponse> getListKeyRotationsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListKeyRotations",
      requestType = dev.loci.v1.ListKeyRotationsRequest.class,
      responseType = dev.loci.v1.ListKeyRotationsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.ListKeyRotationsRequest,
      dev.loci.v1.ListKeyRotationsResponse> getListKeyRotationsMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.ListKeyRotationsRequest, dev.loci.v1.ListKeyRotationsResponse> getListKeyRotationsMethod;
    if ((getListKeyRotationsMethod = AdminServiceGrpc.getListKeyRotationsMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getListKeyRotationsMethod = AdminServiceGrpc.getListKeyRotationsMethod) == null) {
          AdminServiceGrpc.getListKeyRotationsMethod = getListKeyRotationsMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.ListKeyRotationsRequest, dev.loci.v1.ListKeyRotationsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListKeyRotations"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListKeyRotationsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListKeyRotationsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("ListKeyRotations"))
              .build();
        }
      }
    }
    return getListKeyRotationsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.EraseTenantRequest,
      dev.loci.v1.EraseTenantResponse> getEraseTenantMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "EraseTenant",
      requestType = dev.loci.v1.EraseTenantRequest.class,
      responseType = dev.loci.v1.EraseTenantResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.EraseTenantRequest,
      dev.loci.v1.EraseTenantResponse> getEraseTenantMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.EraseTenantRequest, dev.loci.v1.EraseTenantResponse> getEraseTenantMethod;
    if ((getEraseTenantMethod = AdminServiceGrpc.getEraseTenantMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getEraseTenantMethod = AdminServiceGrpc.getEraseTenantMethod) == null) {
          AdminServiceGrpc.getEraseTenantMethod = getEraseTenantMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.EraseTenantRequest, dev.loci.v1.EraseTenantResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "EraseTenant"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.EraseTenantRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.EraseTenantResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("EraseTenant"))
              .build();
        }
      }
    }
    return getEraseTenantMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.GetErasureRequest,
      dev.loci.v1.GetErasureResponse> getGetErasureMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetErasure",
      requestType = dev.loci.v1.GetErasureRequest.class,
      responseType = dev.loci.v1.GetErasureResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.GetErasureRequest,
      dev.loci.v1.GetErasureResponse> getGetErasureMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.GetErasureRequest, dev.loci.v1.GetErasureResponse> getGetErasureMethod;
    if ((getGetErasureMethod = AdminServiceGrpc.getGetErasureMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getGetErasureMethod = AdminServiceGrpc.getGetErasureMethod) == null) {
          AdminServiceGrpc.getGetErasureMethod = getGetErasureMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.GetErasureRequest, dev.loci.v1.GetErasureResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetErasure"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetErasureRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetErasureResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("GetErasure"))
              .build();
        }
      }
    }
    return getGetErasureMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.ListErasuresRequest,
      dev.loci.v1.ListErasuresResponse> getListErasuresMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListErasures",
      requestType = dev.loci.v1.ListErasuresRequest.class,
      responseType = dev.loci.v1.ListErasuresResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.ListErasuresRequest,
      dev.loci.v1.ListErasuresResponse> getListErasuresMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.ListErasuresRequest, dev.loci.v1.ListErasuresResponse> getListErasuresMethod;
    if ((getListErasuresMethod = AdminServiceGrpc.getListErasuresMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getListErasuresMethod = AdminServiceGrpc.getListErasuresMethod) == null) {
          AdminServiceGrpc.getListErasuresMethod = getListErasuresMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.ListErasuresRequest, dev.loci.v1.ListErasuresResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListErasures"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListErasuresRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.ListErasuresResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("ListErasures"))
              .build();
        }
      }
    }
    return getListErasuresMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.loci.v1.GetReceiptKeyRequest,
      dev.loci.v1.GetReceiptKeyResponse> getGetReceiptKeyMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetReceiptKey",
      requestType = dev.loci.v1.GetReceiptKeyRequest.class,
      responseType = dev.loci.v1.GetReceiptKeyResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.loci.v1.GetReceiptKeyRequest,
      dev.loci.v1.GetReceiptKeyResponse> getGetReceiptKeyMethod() {
    io.grpc.MethodDescriptor<dev.loci.v1.GetReceiptKeyRequest, dev.loci.v1.GetReceiptKeyResponse> getGetReceiptKeyMethod;
    if ((getGetReceiptKeyMethod = AdminServiceGrpc.getGetReceiptKeyMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getGetReceiptKeyMethod = AdminServiceGrpc.getGetReceiptKeyMethod) == null) {
          AdminServiceGrpc.getGetReceiptKeyMethod = getGetReceiptKeyMethod =
              io.grpc.MethodDescriptor.<dev.loci.v1.GetReceiptKeyRequest, dev.loci.v1.GetReceiptKeyResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetReceiptKey"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetReceiptKeyRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.loci.v1.GetReceiptKeyResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("GetReceiptKey"))
              .build();
        }
      }
    }
    return getGetReceiptKeyMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static AdminServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AdminServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AdminServiceStub>() {
        @java.lang.Override
        public AdminServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AdminServiceStub(channel, callOptions);
        }
      };
    return AdminServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static AdminServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AdminServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AdminServiceBlockingV2Stub>() {
        @java.lang.Override
        public AdminServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AdminServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return AdminServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static AdminServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AdminServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AdminServiceBlockingStub>() {
        @java.lang.Override
        public AdminServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AdminServiceBlockingStub(channel, callOptions);
        }
      };
    return AdminServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static AdminServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AdminServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AdminServiceFutureStub>() {
        @java.lang.Override
        public AdminServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AdminServiceFutureStub(channel, callOptions);
        }
      };
    return AdminServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Tenants, credentials, and the upkeep of graphs. Tenants need the OPERATOR scope; API keys need ADMIN, and OPERATOR for
   * those of another tenant.
   * </pre>
   */
  public interface AsyncService {

    /**
     */
    default void createTenant(dev.loci.v1.CreateTenantRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.CreateTenantResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateTenantMethod(), responseObserver);
    }

    /**
     */
    default void getTenant(dev.loci.v1.GetTenantRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetTenantResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetTenantMethod(), responseObserver);
    }

    /**
     */
    default void listTenants(dev.loci.v1.ListTenantsRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListTenantsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListTenantsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Its display name and its quota, which holds everywhere within ten seconds.
     * </pre>
     */
    default void updateTenant(dev.loci.v1.UpdateTenantRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.UpdateTenantResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateTenantMethod(), responseObserver);
    }

    /**
     * <pre>
     * What a tenant has and may have. ADMIN for the own tenant, OPERATOR for others.
     * </pre>
     */
    default void getTenantUsage(dev.loci.v1.GetTenantUsageRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetTenantUsageResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetTenantUsageMethod(), responseObserver);
    }

    /**
     * <pre>
     * Refuses its keys from now on. Nothing is removed; UndeleteTenant brings it back.
     * </pre>
     */
    default void deleteTenant(dev.loci.v1.DeleteTenantRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.DeleteTenantResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteTenantMethod(), responseObserver);
    }

    /**
     */
    default void undeleteTenant(dev.loci.v1.UndeleteTenantRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.UndeleteTenantResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUndeleteTenantMethod(), responseObserver);
    }

    /**
     * <pre>
     * The secret is in this answer only.
     * </pre>
     */
    default void createApiKey(dev.loci.v1.CreateApiKeyRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.CreateApiKeyResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateApiKeyMethod(), responseObserver);
    }

    /**
     */
    default void listApiKeys(dev.loci.v1.ListApiKeysRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListApiKeysResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListApiKeysMethod(), responseObserver);
    }

    /**
     * <pre>
     * Makes a key that may do the same, and lets the one before end after an overlap in which both are good. The secret is in
     * this answer only, so there is no request_id: if the answer is lost, revoke the key that nobody knows and rotate again.
     * </pre>
     */
    default void rotateApiKey(dev.loci.v1.RotateApiKeyRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.RotateApiKeyResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRotateApiKeyMethod(), responseObserver);
    }

    /**
     * <pre>
     * Takes effect on every worker within ten seconds.
     * </pre>
     */
    default void revokeApiKey(dev.loci.v1.RevokeApiKeyRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.RevokeApiKeyResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRevokeApiKeyMethod(), responseObserver);
    }

    /**
     * <pre>
     * Who has acted in the tenant by a token or a client certificate. ADMIN for the own tenant; OPERATOR for others.
     * </pre>
     */
    default void getIdentity(dev.loci.v1.GetIdentityRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetIdentityResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetIdentityMethod(), responseObserver);
    }

    /**
     */
    default void listIdentities(dev.loci.v1.ListIdentitiesRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListIdentitiesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListIdentitiesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Who did what. ADMIN for the own tenant; OPERATOR for others and for the installation. What was acknowledged before
     * this call is there; reads and refused calls appear within seconds.
     * </pre>
     */
    default void listAuditEntries(dev.loci.v1.ListAuditEntriesRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListAuditEntriesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListAuditEntriesMethod(), responseObserver);
    }

    /**
     * <pre>
     * All entries in the order of their chain, from one on.
     * </pre>
     */
    default void exportAuditEntries(dev.loci.v1.ExportAuditEntriesRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ExportAuditEntriesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getExportAuditEntriesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Computes the chain anew and compares. Page after page, until there is no next_page_token or a problem.
     * </pre>
     */
    default void verifyAudit(dev.loci.v1.VerifyAuditRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.VerifyAuditResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getVerifyAuditMethod(), responseObserver);
    }

    /**
     * <pre>
     * How a graph of the own tenant comes to the server's embedding model. Needs ADMIN.
     * </pre>
     */
    default void getReembedding(dev.loci.v1.GetReembeddingRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetReembeddingResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetReembeddingMethod(), responseObserver);
    }

    /**
     * <pre>
     * The graphs of a tenant that are being embedded anew. ADMIN for the own tenant, OPERATOR for others.
     * </pre>
     */
    default void listReembeddings(dev.loci.v1.ListReembeddingsRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListReembeddingsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListReembeddingsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Has all texts of a graph of the own tenant embedded anew, also those that were written when the server had no embedder.
     * Not needed after a change of the embedder, which servers notice. Searches go on meanwhile. Asked again while it is under
     * way, it changes nothing; it waits for a server that has an embedder. Needs ADMIN.
     * </pre>
     */
    default void reembedGraph(dev.loci.v1.ReembedGraphRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ReembedGraphResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getReembedGraphMethod(), responseObserver);
    }

    /**
     * <pre>
     * Begins to put new keys in the place of those in use, without a pause for anybody. Of a graph: new data keys; all that is
     * stored is sealed anew, search tokens and vectors are made anew, then the keys before are destroyed. Of a tenant or the
     * installation: a new version of the key-encryption key, where the key provider makes them (with a keyring file they are
     * made by hand), by which all data keys are wrapped anew; versions before can be destroyed at the key provider when it is
     * done. Where no new key was made by hand, it is refused with FAILED_PRECONDITION. Asked again while it is under way, it
     * begins no other one; where another root key was put first in the keyring file meanwhile, all is then wrapped by that one.
     * ADMIN for the own tenant, OPERATOR for others and the installation.
     * </pre>
     */
    default void rotateKeys(dev.loci.v1.RotateKeysRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.RotateKeysResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRotateKeysMethod(), responseObserver);
    }

    /**
     * <pre>
     * Which keys are in use, and how far their rotation is. Needs what RotateKeys needs.
     * </pre>
     */
    default void getKeyRotation(dev.loci.v1.GetKeyRotationRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetKeyRotationResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetKeyRotationMethod(), responseObserver);
    }

    /**
     * <pre>
     * The graphs of a tenant whose data keys are being rotated. ADMIN for the own tenant, OPERATOR for others.
     * </pre>
     */
    default void listKeyRotations(dev.loci.v1.ListKeyRotationsRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListKeyRotationsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListKeyRotationsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Destroys a tenant's keys and removes all that is stored of it. Its credentials are refused everywhere within ten seconds,
     * then its keys are destroyed; GetErasure tells how far it is, and gives the signed receipt. There is no way back. Needs
     * OPERATOR.
     * </pre>
     */
    default void eraseTenant(dev.loci.v1.EraseTenantRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.EraseTenantResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getEraseTenantMethod(), responseObserver);
    }

    /**
     * <pre>
     * How far an erasure is, and its receipt. ADMIN for what was of the own tenant, OPERATOR for all.
     * </pre>
     */
    default void getErasure(dev.loci.v1.GetErasureRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetErasureResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetErasureMethod(), responseObserver);
    }

    /**
     * <pre>
     * Erasures of graphs of a tenant, and of the tenant itself. ADMIN for the own tenant, OPERATOR for others, also for those
     * that were erased, and for the installation.
     * </pre>
     */
    default void listErasures(dev.loci.v1.ListErasuresRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListErasuresResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListErasuresMethod(), responseObserver);
    }

    /**
     * <pre>
     * By which receipts are verified. Keep it where you keep receipts. Any scope will do.
     * </pre>
     */
    default void getReceiptKey(dev.loci.v1.GetReceiptKeyRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetReceiptKeyResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetReceiptKeyMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service AdminService.
   * <pre>
   * Tenants, credentials, and the upkeep of graphs. Tenants need the OPERATOR scope; API keys need ADMIN, and OPERATOR for
   * those of another tenant.
   * </pre>
   */
  public static abstract class AdminServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return AdminServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service AdminService.
   * <pre>
   * Tenants, credentials, and the upkeep of graphs. Tenants need the OPERATOR scope; API keys need ADMIN, and OPERATOR for
   * those of another tenant.
   * </pre>
   */
  public static final class AdminServiceStub
      extends io.grpc.stub.AbstractAsyncStub<AdminServiceStub> {
    private AdminServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AdminServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AdminServiceStub(channel, callOptions);
    }

    /**
     */
    public void createTenant(dev.loci.v1.CreateTenantRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.CreateTenantResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateTenantMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     */
    public void getTenant(dev.loci.v1.GetTenantRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetTenantResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetTenantMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     */
    public void listTenants(dev.loci.v1.ListTenantsRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListTenantsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListTenantsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Its display name and its quota, which holds everywhere within ten seconds.
     * </pre>
     */
    public void updateTenant(dev.loci.v1.UpdateTenantRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.UpdateTenantResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateTenantMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * What a tenant has and may have. ADMIN for the own tenant, OPERATOR for others.
     * </pre>
     */
    public void getTenantUsage(dev.loci.v1.GetTenantUsageRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetTenantUsageResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetTenantUsageMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Refuses its keys from now on. Nothing is removed; UndeleteTenant brings it back.
     * </pre>
     */
    public void deleteTenant(dev.loci.v1.DeleteTenantRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.DeleteTenantResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteTenantMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     */
    public void undeleteTenant(dev.loci.v1.UndeleteTenantRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.UndeleteTenantResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUndeleteTenantMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * The secret is in this answer only.
     * </pre>
     */
    public void createApiKey(dev.loci.v1.CreateApiKeyRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.CreateApiKeyResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateApiKeyMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     */
    public void listApiKeys(dev.loci.v1.ListApiKeysRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListApiKeysResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListApiKeysMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Makes a key that may do the same, and lets the one before end after an overlap in which both are good. The secret is in
     * this answer only, so there is no request_id: if the answer is lost, revoke the key that nobody knows and rotate again.
     * </pre>
     */
    public void rotateApiKey(dev.loci.v1.RotateApiKeyRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.RotateApiKeyResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRotateApiKeyMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Takes effect on every worker within ten seconds.
     * </pre>
     */
    public void revokeApiKey(dev.loci.v1.RevokeApiKeyRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.RevokeApiKeyResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRevokeApiKeyMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Who has acted in the tenant by a token or a client certificate. ADMIN for the own tenant; OPERATOR for others.
     * </pre>
     */
    public void getIdentity(dev.loci.v1.GetIdentityRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetIdentityResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetIdentityMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     */
    public void listIdentities(dev.loci.v1.ListIdentitiesRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListIdentitiesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListIdentitiesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Who did what. ADMIN for the own tenant; OPERATOR for others and for the installation. What was acknowledged before
     * this call is there; reads and refused calls appear within seconds.
     * </pre>
     */
    public void listAuditEntries(dev.loci.v1.ListAuditEntriesRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListAuditEntriesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListAuditEntriesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * All entries in the order of their chain, from one on.
     * </pre>
     */
    public void exportAuditEntries(dev.loci.v1.ExportAuditEntriesRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ExportAuditEntriesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getExportAuditEntriesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Computes the chain anew and compares. Page after page, until there is no next_page_token or a problem.
     * </pre>
     */
    public void verifyAudit(dev.loci.v1.VerifyAuditRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.VerifyAuditResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getVerifyAuditMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * How a graph of the own tenant comes to the server's embedding model. Needs ADMIN.
     * </pre>
     */
    public void getReembedding(dev.loci.v1.GetReembeddingRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetReembeddingResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetReembeddingMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * The graphs of a tenant that are being embedded anew. ADMIN for the own tenant, OPERATOR for others.
     * </pre>
     */
    public void listReembeddings(dev.loci.v1.ListReembeddingsRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListReembeddingsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListReembeddingsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Has all texts of a graph of the own tenant embedded anew, also those that were written when the server had no embedder.
     * Not needed after a change of the embedder, which servers notice. Searches go on meanwhile. Asked again while it is under
     * way, it changes nothing; it waits for a server that has an embedder. Needs ADMIN.
     * </pre>
     */
    public void reembedGraph(dev.loci.v1.ReembedGraphRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ReembedGraphResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getReembedGraphMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Begins to put new keys in the place of those in use, without a pause for anybody. Of a graph: new data keys; all that is
     * stored is sealed anew, search tokens and vectors are made anew, then the keys before are destroyed. Of a tenant or the
     * installation: a new version of the key-encryption key, where the key provider makes them (with a keyring file they are
     * made by hand), by which all data keys are wrapped anew; versions before can be destroyed at the key provider when it is
     * done. Where no new key was made by hand, it is refused with FAILED_PRECONDITION. Asked again while it is under way, it
     * begins no other one; where another root key was put first in the keyring file meanwhile, all is then wrapped by that one.
     * ADMIN for the own tenant, OPERATOR for others and the installation.
     * </pre>
     */
    public void rotateKeys(dev.loci.v1.RotateKeysRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.RotateKeysResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRotateKeysMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Which keys are in use, and how far their rotation is. Needs what RotateKeys needs.
     * </pre>
     */
    public void getKeyRotation(dev.loci.v1.GetKeyRotationRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetKeyRotationResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetKeyRotationMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * The graphs of a tenant whose data keys are being rotated. ADMIN for the own tenant, OPERATOR for others.
     * </pre>
     */
    public void listKeyRotations(dev.loci.v1.ListKeyRotationsRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListKeyRotationsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListKeyRotationsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Destroys a tenant's keys and removes all that is stored of it. Its credentials are refused everywhere within ten seconds,
     * then its keys are destroyed; GetErasure tells how far it is, and gives the signed receipt. There is no way back. Needs
     * OPERATOR.
     * </pre>
     */
    public void eraseTenant(dev.loci.v1.EraseTenantRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.EraseTenantResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getEraseTenantMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * How far an erasure is, and its receipt. ADMIN for what was of the own tenant, OPERATOR for all.
     * </pre>
     */
    public void getErasure(dev.loci.v1.GetErasureRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetErasureResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetErasureMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Erasures of graphs of a tenant, and of the tenant itself. ADMIN for the own tenant, OPERATOR for others, also for those
     * that were erased, and for the installation.
     * </pre>
     */
    public void listErasures(dev.loci.v1.ListErasuresRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.ListErasuresResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListErasuresMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * By which receipts are verified. Keep it where you keep receipts. Any scope will do.
     * </pre>
     */
    public void getReceiptKey(dev.loci.v1.GetReceiptKeyRequest request,
        io.grpc.stub.StreamObserver<dev.loci.v1.GetReceiptKeyResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetReceiptKeyMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service AdminService.
   * <pre>
   * Tenants, credentials, and the upkeep of graphs. Tenants need the OPERATOR scope; API keys need ADMIN, and OPERATOR for
   * those of another tenant.
   * </pre>
   */
  public static final class AdminServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<AdminServiceBlockingV2Stub> {
    private AdminServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AdminServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AdminServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     */
    public dev.loci.v1.CreateTenantResponse createTenant(dev.loci.v1.CreateTenantRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreateTenantMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.GetTenantResponse getTenant(dev.loci.v1.GetTenantRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetTenantMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.ListTenantsResponse listTenants(dev.loci.v1.ListTenantsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListTenantsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Its display name and its quota, which holds everywhere within ten seconds.
     * </pre>
     */
    public dev.loci.v1.UpdateTenantResponse updateTenant(dev.loci.v1.UpdateTenantRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateTenantMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * What a tenant has and may have. ADMIN for the own tenant, OPERATOR for others.
     * </pre>
     */
    public dev.loci.v1.GetTenantUsageResponse getTenantUsage(dev.loci.v1.GetTenantUsageRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetTenantUsageMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Refuses its keys from now on. Nothing is removed; UndeleteTenant brings it back.
     * </pre>
     */
    public dev.loci.v1.DeleteTenantResponse deleteTenant(dev.loci.v1.DeleteTenantRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteTenantMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.UndeleteTenantResponse undeleteTenant(dev.loci.v1.UndeleteTenantRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUndeleteTenantMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * The secret is in this answer only.
     * </pre>
     */
    public dev.loci.v1.CreateApiKeyResponse createApiKey(dev.loci.v1.CreateApiKeyRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreateApiKeyMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.ListApiKeysResponse listApiKeys(dev.loci.v1.ListApiKeysRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListApiKeysMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Makes a key that may do the same, and lets the one before end after an overlap in which both are good. The secret is in
     * this answer only, so there is no request_id: if the answer is lost, revoke the key that nobody knows and rotate again.
     * </pre>
     */
    public dev.loci.v1.RotateApiKeyResponse rotateApiKey(dev.loci.v1.RotateApiKeyRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRotateApiKeyMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Takes effect on every worker within ten seconds.
     * </pre>
     */
    public dev.loci.v1.RevokeApiKeyResponse revokeApiKey(dev.loci.v1.RevokeApiKeyRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRevokeApiKeyMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Who has acted in the tenant by a token or a client certificate. ADMIN for the own tenant; OPERATOR for others.
     * </pre>
     */
    public dev.loci.v1.GetIdentityResponse getIdentity(dev.loci.v1.GetIdentityRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetIdentityMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.ListIdentitiesResponse listIdentities(dev.loci.v1.ListIdentitiesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListIdentitiesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Who did what. ADMIN for the own tenant; OPERATOR for others and for the installation. What was acknowledged before
     * this call is there; reads and refused calls appear within seconds.
     * </pre>
     */
    public dev.loci.v1.ListAuditEntriesResponse listAuditEntries(dev.loci.v1.ListAuditEntriesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListAuditEntriesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * All entries in the order of their chain, from one on.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, dev.loci.v1.ExportAuditEntriesResponse>
        exportAuditEntries(dev.loci.v1.ExportAuditEntriesRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getExportAuditEntriesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Computes the chain anew and compares. Page after page, until there is no next_page_token or a problem.
     * </pre>
     */
    public dev.loci.v1.VerifyAuditResponse verifyAudit(dev.loci.v1.VerifyAuditRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getVerifyAuditMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * How a graph of the own tenant comes to the server's embedding model. Needs ADMIN.
     * </pre>
     */
    public dev.loci.v1.GetReembeddingResponse getReembedding(dev.loci.v1.GetReembeddingRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetReembeddingMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * The graphs of a tenant that are being embedded anew. ADMIN for the own tenant, OPERATOR for others.
     * </pre>
     */
    public dev.loci.v1.ListReembeddingsResponse listReembeddings(dev.loci.v1.ListReembeddingsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListReembeddingsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Has all texts of a graph of the own tenant embedded anew, also those that were written when the server had no embedder.
     * Not needed after a change of the embedder, which servers notice. Searches go on meanwhile. Asked again while it is under
     * way, it changes nothing; it waits for a server that has an embedder. Needs ADMIN.
     * </pre>
     */
    public dev.loci.v1.ReembedGraphResponse reembedGraph(dev.loci.v1.ReembedGraphRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getReembedGraphMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Begins to put new keys in the place of those in use, without a pause for anybody. Of a graph: new data keys; all that is
     * stored is sealed anew, search tokens and vectors are made anew, then the keys before are destroyed. Of a tenant or the
     * installation: a new version of the key-encryption key, where the key provider makes them (with a keyring file they are
     * made by hand), by which all data keys are wrapped anew; versions before can be destroyed at the key provider when it is
     * done. Where no new key was made by hand, it is refused with FAILED_PRECONDITION. Asked again while it is under way, it
     * begins no other one; where another root key was put first in the keyring file meanwhile, all is then wrapped by that one.
     * ADMIN for the own tenant, OPERATOR for others and the installation.
     * </pre>
     */
    public dev.loci.v1.RotateKeysResponse rotateKeys(dev.loci.v1.RotateKeysRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRotateKeysMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Which keys are in use, and how far their rotation is. Needs what RotateKeys needs.
     * </pre>
     */
    public dev.loci.v1.GetKeyRotationResponse getKeyRotation(dev.loci.v1.GetKeyRotationRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetKeyRotationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * The graphs of a tenant whose data keys are being rotated. ADMIN for the own tenant, OPERATOR for others.
     * </pre>
     */
    public dev.loci.v1.ListKeyRotationsResponse listKeyRotations(dev.loci.v1.ListKeyRotationsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListKeyRotationsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Destroys a tenant's keys and removes all that is stored of it. Its credentials are refused everywhere within ten seconds,
     * then its keys are destroyed; GetErasure tells how far it is, and gives the signed receipt. There is no way back. Needs
     * OPERATOR.
     * </pre>
     */
    public dev.loci.v1.EraseTenantResponse eraseTenant(dev.loci.v1.EraseTenantRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getEraseTenantMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * How far an erasure is, and its receipt. ADMIN for what was of the own tenant, OPERATOR for all.
     * </pre>
     */
    public dev.loci.v1.GetErasureResponse getErasure(dev.loci.v1.GetErasureRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetErasureMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Erasures of graphs of a tenant, and of the tenant itself. ADMIN for the own tenant, OPERATOR for others, also for those
     * that were erased, and for the installation.
     * </pre>
     */
    public dev.loci.v1.ListErasuresResponse listErasures(dev.loci.v1.ListErasuresRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListErasuresMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * By which receipts are verified. Keep it where you keep receipts. Any scope will do.
     * </pre>
     */
    public dev.loci.v1.GetReceiptKeyResponse getReceiptKey(dev.loci.v1.GetReceiptKeyRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetReceiptKeyMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service AdminService.
   * <pre>
   * Tenants, credentials, and the upkeep of graphs. Tenants need the OPERATOR scope; API keys need ADMIN, and OPERATOR for
   * those of another tenant.
   * </pre>
   */
  public static final class AdminServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<AdminServiceBlockingStub> {
    private AdminServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AdminServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AdminServiceBlockingStub(channel, callOptions);
    }

    /**
     */
    public dev.loci.v1.CreateTenantResponse createTenant(dev.loci.v1.CreateTenantRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateTenantMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.GetTenantResponse getTenant(dev.loci.v1.GetTenantRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetTenantMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.ListTenantsResponse listTenants(dev.loci.v1.ListTenantsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListTenantsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Its display name and its quota, which holds everywhere within ten seconds.
     * </pre>
     */
    public dev.loci.v1.UpdateTenantResponse updateTenant(dev.loci.v1.UpdateTenantRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateTenantMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * What a tenant has and may have. ADMIN for the own tenant, OPERATOR for others.
     * </pre>
     */
    public dev.loci.v1.GetTenantUsageResponse getTenantUsage(dev.loci.v1.GetTenantUsageRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetTenantUsageMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Refuses its keys from now on. Nothing is removed; UndeleteTenant brings it back.
     * </pre>
     */
    public dev.loci.v1.DeleteTenantResponse deleteTenant(dev.loci.v1.DeleteTenantRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteTenantMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.UndeleteTenantResponse undeleteTenant(dev.loci.v1.UndeleteTenantRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUndeleteTenantMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * The secret is in this answer only.
     * </pre>
     */
    public dev.loci.v1.CreateApiKeyResponse createApiKey(dev.loci.v1.CreateApiKeyRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateApiKeyMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.ListApiKeysResponse listApiKeys(dev.loci.v1.ListApiKeysRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListApiKeysMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Makes a key that may do the same, and lets the one before end after an overlap in which both are good. The secret is in
     * this answer only, so there is no request_id: if the answer is lost, revoke the key that nobody knows and rotate again.
     * </pre>
     */
    public dev.loci.v1.RotateApiKeyResponse rotateApiKey(dev.loci.v1.RotateApiKeyRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRotateApiKeyMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Takes effect on every worker within ten seconds.
     * </pre>
     */
    public dev.loci.v1.RevokeApiKeyResponse revokeApiKey(dev.loci.v1.RevokeApiKeyRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRevokeApiKeyMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Who has acted in the tenant by a token or a client certificate. ADMIN for the own tenant; OPERATOR for others.
     * </pre>
     */
    public dev.loci.v1.GetIdentityResponse getIdentity(dev.loci.v1.GetIdentityRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetIdentityMethod(), getCallOptions(), request);
    }

    /**
     */
    public dev.loci.v1.ListIdentitiesResponse listIdentities(dev.loci.v1.ListIdentitiesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListIdentitiesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Who did what. ADMIN for the own tenant; OPERATOR for others and for the installation. What was acknowledged before
     * this call is there; reads and refused calls appear within seconds.
     * </pre>
     */
    public dev.loci.v1.ListAuditEntriesResponse listAuditEntries(dev.loci.v1.ListAuditEntriesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListAuditEntriesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * All entries in the order of their chain, from one on.
     * </pre>
     */
    public java.util.Iterator<dev.loci.v1.ExportAuditEntriesResponse> exportAuditEntries(
        dev.loci.v1.ExportAuditEntriesRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getExportAuditEntriesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Computes the chain anew and compares. Page after page, until there is no next_page_token or a problem.
     * </pre>
     */
    public dev.loci.v1.VerifyAuditResponse verifyAudit(dev.loci.v1.VerifyAuditRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getVerifyAuditMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * How a graph of the own tenant comes to the server's embedding model. Needs ADMIN.
     * </pre>
     */
    public dev.loci.v1.GetReembeddingResponse getReembedding(dev.loci.v1.GetReembeddingRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetReembeddingMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * The graphs of a tenant that are being embedded anew. ADMIN for the own tenant, OPERATOR for others.
     * </pre>
     */
    public dev.loci.v1.ListReembeddingsResponse listReembeddings(dev.loci.v1.ListReembeddingsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListReembeddingsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Has all texts of a graph of the own tenant embedded anew, also those that were written when the server had no embedder.
     * Not needed after a change of the embedder, which servers notice. Searches go on meanwhile. Asked again while it is under
     * way, it changes nothing; it waits for a server that has an embedder. Needs ADMIN.
     * </pre>
     */
    public dev.loci.v1.ReembedGraphResponse reembedGraph(dev.loci.v1.ReembedGraphRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getReembedGraphMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Begins to put new keys in the place of those in use, without a pause for anybody. Of a graph: new data keys; all that is
     * stored is sealed anew, search tokens and vectors are made anew, then the keys before are destroyed. Of a tenant or the
     * installation: a new version of the key-encryption key, where the key provider makes them (with a keyring file they are
     * made by hand), by which all data keys are wrapped anew; versions before can be destroyed at the key provider when it is
     * done. Where no new key was made by hand, it is refused with FAILED_PRECONDITION. Asked again while it is under way, it
     * begins no other one; where another root key was put first in the keyring file meanwhile, all is then wrapped by that one.
     * ADMIN for the own tenant, OPERATOR for others and the installation.
     * </pre>
     */
    public dev.loci.v1.RotateKeysResponse rotateKeys(dev.loci.v1.RotateKeysRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRotateKeysMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Which keys are in use, and how far their rotation is. Needs what RotateKeys needs.
     * </pre>
     */
    public dev.loci.v1.GetKeyRotationResponse getKeyRotation(dev.loci.v1.GetKeyRotationRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetKeyRotationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * The graphs of a tenant whose data keys are being rotated. ADMIN for the own tenant, OPERATOR for others.
     * </pre>
     */
    public dev.loci.v1.ListKeyRotationsResponse listKeyRotations(dev.loci.v1.ListKeyRotationsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListKeyRotationsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Destroys a tenant's keys and removes all that is stored of it. Its credentials are refused everywhere within ten seconds,
     * then its keys are destroyed; GetErasure tells how far it is, and gives the signed receipt. There is no way back. Needs
     * OPERATOR.
     * </pre>
     */
    public dev.loci.v1.EraseTenantResponse eraseTenant(dev.loci.v1.EraseTenantRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getEraseTenantMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * How far an erasure is, and its receipt. ADMIN for what was of the own tenant, OPERATOR for all.
     * </pre>
     */
    public dev.loci.v1.GetErasureResponse getErasure(dev.loci.v1.GetErasureRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetErasureMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Erasures of graphs of a tenant, and of the tenant itself. ADMIN for the own tenant, OPERATOR for others, also for those
     * that were erased, and for the installation.
     * </pre>
     */
    public dev.loci.v1.ListErasuresResponse listErasures(dev.loci.v1.ListErasuresRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListErasuresMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * By which receipts are verified. Keep it where you keep receipts. Any scope will do.
     * </pre>
     */
    public dev.loci.v1.GetReceiptKeyResponse getReceiptKey(dev.loci.v1.GetReceiptKeyRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetReceiptKeyMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service AdminService.
   * <pre>
   * Tenants, credentials, and the upkeep of graphs. Tenants need the OPERATOR scope; API keys need ADMIN, and OPERATOR for
   * those of another tenant.
   * </pre>
   */
  public static final class AdminServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<AdminServiceFutureStub> {
    private AdminServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AdminServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AdminServiceFutureStub(channel, callOptions);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.CreateTenantResponse> createTenant(
        dev.loci.v1.CreateTenantRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateTenantMethod(), getCallOptions()), request);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.GetTenantResponse> getTenant(
        dev.loci.v1.GetTenantRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetTenantMethod(), getCallOptions()), request);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.ListTenantsResponse> listTenants(
        dev.loci.v1.ListTenantsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListTenantsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Its display name and its quota, which holds everywhere within ten seconds.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.UpdateTenantResponse> updateTenant(
        dev.loci.v1.UpdateTenantRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateTenantMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * What a tenant has and may have. ADMIN for the own tenant, OPERATOR for others.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.GetTenantUsageResponse> getTenantUsage(
        dev.loci.v1.GetTenantUsageRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetTenantUsageMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Refuses its keys from now on. Nothing is removed; UndeleteTenant brings it back.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.DeleteTenantResponse> deleteTenant(
        dev.loci.v1.DeleteTenantRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteTenantMethod(), getCallOptions()), request);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.UndeleteTenantResponse> undeleteTenant(
        dev.loci.v1.UndeleteTenantRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUndeleteTenantMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * The secret is in this answer only.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.CreateApiKeyResponse> createApiKey(
        dev.loci.v1.CreateApiKeyRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateApiKeyMethod(), getCallOptions()), request);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.ListApiKeysResponse> listApiKeys(
        dev.loci.v1.ListApiKeysRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListApiKeysMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Makes a key that may do the same, and lets the one before end after an overlap in which both are good. The secret is in
     * this answer only, so there is no request_id: if the answer is lost, revoke the key that nobody knows and rotate again.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.RotateApiKeyResponse> rotateApiKey(
        dev.loci.v1.RotateApiKeyRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRotateApiKeyMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Takes effect on every worker within ten seconds.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.RevokeApiKeyResponse> revokeApiKey(
        dev.loci.v1.RevokeApiKeyRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRevokeApiKeyMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Who has acted in the tenant by a token or a client certificate. ADMIN for the own tenant; OPERATOR for others.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.GetIdentityResponse> getIdentity(
        dev.loci.v1.GetIdentityRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetIdentityMethod(), getCallOptions()), request);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.ListIdentitiesResponse> listIdentities(
        dev.loci.v1.ListIdentitiesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListIdentitiesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Who did what. ADMIN for the own tenant; OPERATOR for others and for the installation. What was acknowledged before
     * this call is there; reads and refused calls appear within seconds.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.ListAuditEntriesResponse> listAuditEntries(
        dev.loci.v1.ListAuditEntriesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListAuditEntriesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Computes the chain anew and compares. Page after page, until there is no next_page_token or a problem.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.VerifyAuditResponse> verifyAudit(
        dev.loci.v1.VerifyAuditRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getVerifyAuditMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * How a graph of the own tenant comes to the server's embedding model. Needs ADMIN.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.GetReembeddingResponse> getReembedding(
        dev.loci.v1.GetReembeddingRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetReembeddingMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * The graphs of a tenant that are being embedded anew. ADMIN for the own tenant, OPERATOR for others.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.ListReembeddingsResponse> listReembeddings(
        dev.loci.v1.ListReembeddingsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListReembeddingsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Has all texts of a graph of the own tenant embedded anew, also those that were written when the server had no embedder.
     * Not needed after a change of the embedder, which servers notice. Searches go on meanwhile. Asked again while it is under
     * way, it changes nothing; it waits for a server that has an embedder. Needs ADMIN.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.ReembedGraphResponse> reembedGraph(
        dev.loci.v1.ReembedGraphRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getReembedGraphMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Begins to put new keys in the place of those in use, without a pause for anybody. Of a graph: new data keys; all that is
     * stored is sealed anew, search tokens and vectors are made anew, then the keys before are destroyed. Of a tenant or the
     * installation: a new version of the key-encryption key, where the key provider makes them (with a keyring file they are
     * made by hand), by which all data keys are wrapped anew; versions before can be destroyed at the key provider when it is
     * done. Where no new key was made by hand, it is refused with FAILED_PRECONDITION. Asked again while it is under way, it
     * begins no other one; where another root key was put first in the keyring file meanwhile, all is then wrapped by that one.
     * ADMIN for the own tenant, OPERATOR for others and the installation.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.RotateKeysResponse> rotateKeys(
        dev.loci.v1.RotateKeysRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRotateKeysMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Which keys are in use, and how far their rotation is. Needs what RotateKeys needs.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.GetKeyRotationResponse> getKeyRotation(
        dev.loci.v1.GetKeyRotationRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetKeyRotationMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * The graphs of a tenant whose data keys are being rotated. ADMIN for the own tenant, OPERATOR for others.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.ListKeyRotationsResponse> listKeyRotations(
        dev.loci.v1.ListKeyRotationsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListKeyRotationsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Destroys a tenant's keys and removes all that is stored of it. Its credentials are refused everywhere within ten seconds,
     * then its keys are destroyed; GetErasure tells how far it is, and gives the signed receipt. There is no way back. Needs
     * OPERATOR.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.EraseTenantResponse> eraseTenant(
        dev.loci.v1.EraseTenantRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getEraseTenantMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * How far an erasure is, and its receipt. ADMIN for what was of the own tenant, OPERATOR for all.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.GetErasureResponse> getErasure(
        dev.loci.v1.GetErasureRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetErasureMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Erasures of graphs of a tenant, and of the tenant itself. ADMIN for the own tenant, OPERATOR for others, also for those
     * that were erased, and for the installation.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.ListErasuresResponse> listErasures(
        dev.loci.v1.ListErasuresRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListErasuresMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * By which receipts are verified. Keep it where you keep receipts. Any scope will do.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.loci.v1.GetReceiptKeyResponse> getReceiptKey(
        dev.loci.v1.GetReceiptKeyRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetReceiptKeyMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_CREATE_TENANT = 0;
  private static final int METHODID_GET_TENANT = 1;
  private static final int METHODID_LIST_TENANTS = 2;
  private static final int METHODID_UPDATE_TENANT = 3;
  private static final int METHODID_GET_TENANT_USAGE = 4;
  private static final int METHODID_DELETE_TENANT = 5;
  private static final int METHODID_UNDELETE_TENANT = 6;
  private static final int METHODID_CREATE_API_KEY = 7;
  private static final int METHODID_LIST_API_KEYS = 8;
  private static final int METHODID_ROTATE_API_KEY = 9;
  private static final int METHODID_REVOKE_API_KEY = 10;
  private static final int METHODID_GET_IDENTITY = 11;
  private static final int METHODID_LIST_IDENTITIES = 12;
  private static final int METHODID_LIST_AUDIT_ENTRIES = 13;
  private static final int METHODID_EXPORT_AUDIT_ENTRIES = 14;
  private static final int METHODID_VERIFY_AUDIT = 15;
  private static final int METHODID_GET_REEMBEDDING = 16;
  private static final int METHODID_LIST_REEMBEDDINGS = 17;
  private static final int METHODID_REEMBED_GRAPH = 18;
  private static final int METHODID_ROTATE_KEYS = 19;
  private static final int METHODID_GET_KEY_ROTATION = 20;
  private static final int METHODID_LIST_KEY_ROTATIONS = 21;
  private static final int METHODID_ERASE_TENANT = 22;
  private static final int METHODID_GET_ERASURE = 23;
  private static final int METHODID_LIST_ERASURES = 24;
  private static final int METHODID_GET_RECEIPT_KEY = 25;

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
        case METHODID_CREATE_TENANT:
          serviceImpl.createTenant((dev.loci.v1.CreateTenantRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.CreateTenantResponse>) responseObserver);
          break;
        case METHODID_GET_TENANT:
          serviceImpl.getTenant((dev.loci.v1.GetTenantRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.GetTenantResponse>) responseObserver);
          break;
        case METHODID_LIST_TENANTS:
          serviceImpl.listTenants((dev.loci.v1.ListTenantsRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.ListTenantsResponse>) responseObserver);
          break;
        case METHODID_UPDATE_TENANT:
          serviceImpl.updateTenant((dev.loci.v1.UpdateTenantRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.UpdateTenantResponse>) responseObserver);
          break;
        case METHODID_GET_TENANT_USAGE:
          serviceImpl.getTenantUsage((dev.loci.v1.GetTenantUsageRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.GetTenantUsageResponse>) responseObserver);
          break;
        case METHODID_DELETE_TENANT:
          serviceImpl.deleteTenant((dev.loci.v1.DeleteTenantRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.DeleteTenantResponse>) responseObserver);
          break;
        case METHODID_UNDELETE_TENANT:
          serviceImpl.undeleteTenant((dev.loci.v1.UndeleteTenantRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.UndeleteTenantResponse>) responseObserver);
          break;
        case METHODID_CREATE_API_KEY:
          serviceImpl.createApiKey((dev.loci.v1.CreateApiKeyRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.CreateApiKeyResponse>) responseObserver);
          break;
        case METHODID_LIST_API_KEYS:
          serviceImpl.listApiKeys((dev.loci.v1.ListApiKeysRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.ListApiKeysResponse>) responseObserver);
          break;
        case METHODID_ROTATE_API_KEY:
          serviceImpl.rotateApiKey((dev.loci.v1.RotateApiKeyRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.RotateApiKeyResponse>) responseObserver);
          break;
        case METHODID_REVOKE_API_KEY:
          serviceImpl.revokeApiKey((dev.loci.v1.RevokeApiKeyRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.RevokeApiKeyResponse>) responseObserver);
          break;
        case METHODID_GET_IDENTITY:
          serviceImpl.getIdentity((dev.loci.v1.GetIdentityRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.GetIdentityResponse>) responseObserver);
          break;
        case METHODID_LIST_IDENTITIES:
          serviceImpl.listIdentities((dev.loci.v1.ListIdentitiesRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.ListIdentitiesResponse>) responseObserver);
          break;
        case METHODID_LIST_AUDIT_ENTRIES:
          serviceImpl.listAuditEntries((dev.loci.v1.ListAuditEntriesRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.ListAuditEntriesResponse>) responseObserver);
          break;
        case METHODID_EXPORT_AUDIT_ENTRIES:
          serviceImpl.exportAuditEntries((dev.loci.v1.ExportAuditEntriesRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.ExportAuditEntriesResponse>) responseObserver);
          break;
        case METHODID_VERIFY_AUDIT:
          serviceImpl.verifyAudit((dev.loci.v1.VerifyAuditRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.VerifyAuditResponse>) responseObserver);
          break;
        case METHODID_GET_REEMBEDDING:
          serviceImpl.getReembedding((dev.loci.v1.GetReembeddingRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.GetReembeddingResponse>) responseObserver);
          break;
        case METHODID_LIST_REEMBEDDINGS:
          serviceImpl.listReembeddings((dev.loci.v1.ListReembeddingsRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.ListReembeddingsResponse>) responseObserver);
          break;
        case METHODID_REEMBED_GRAPH:
          serviceImpl.reembedGraph((dev.loci.v1.ReembedGraphRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.ReembedGraphResponse>) responseObserver);
          break;
        case METHODID_ROTATE_KEYS:
          serviceImpl.rotateKeys((dev.loci.v1.RotateKeysRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.RotateKeysResponse>) responseObserver);
          break;
        case METHODID_GET_KEY_ROTATION:
          serviceImpl.getKeyRotation((dev.loci.v1.GetKeyRotationRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.GetKeyRotationResponse>) responseObserver);
          break;
        case METHODID_LIST_KEY_ROTATIONS:
          serviceImpl.listKeyRotations((dev.loci.v1.ListKeyRotationsRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.ListKeyRotationsResponse>) responseObserver);
          break;
        case METHODID_ERASE_TENANT:
          serviceImpl.eraseTenant((dev.loci.v1.EraseTenantRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.EraseTenantResponse>) responseObserver);
          break;
        case METHODID_GET_ERASURE:
          serviceImpl.getErasure((dev.loci.v1.GetErasureRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.GetErasureResponse>) responseObserver);
          break;
        case METHODID_LIST_ERASURES:
          serviceImpl.listErasures((dev.loci.v1.ListErasuresRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.ListErasuresResponse>) responseObserver);
          break;
        case METHODID_GET_RECEIPT_KEY:
          serviceImpl.getReceiptKey((dev.loci.v1.GetReceiptKeyRequest) request,
              (io.grpc.stub.StreamObserver<dev.loci.v1.GetReceiptKeyResponse>) responseObserver);
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
          getCreateTenantMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.CreateTenantRequest,
              dev.loci.v1.CreateTenantResponse>(
                service, METHODID_CREATE_TENANT)))
        .addMethod(
          getGetTenantMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.GetTenantRequest,
              dev.loci.v1.GetTenantResponse>(
                service, METHODID_GET_TENANT)))
        .addMethod(
          getListTenantsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.ListTenantsRequest,
              dev.loci.v1.ListTenantsResponse>(
                service, METHODID_LIST_TENANTS)))
        .addMethod(
          getUpdateTenantMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.UpdateTenantRequest,
              dev.loci.v1.UpdateTenantResponse>(
                service, METHODID_UPDATE_TENANT)))
        .addMethod(
          getGetTenantUsageMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.GetTenantUsageRequest,
              dev.loci.v1.GetTenantUsageResponse>(
                service, METHODID_GET_TENANT_USAGE)))
        .addMethod(
          getDeleteTenantMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.DeleteTenantRequest,
              dev.loci.v1.DeleteTenantResponse>(
                service, METHODID_DELETE_TENANT)))
        .addMethod(
          getUndeleteTenantMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.UndeleteTenantRequest,
              dev.loci.v1.UndeleteTenantResponse>(
                service, METHODID_UNDELETE_TENANT)))
        .addMethod(
          getCreateApiKeyMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.CreateApiKeyRequest,
              dev.loci.v1.CreateApiKeyResponse>(
                service, METHODID_CREATE_API_KEY)))
        .addMethod(
          getListApiKeysMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.ListApiKeysRequest,
              dev.loci.v1.ListApiKeysResponse>(
                service, METHODID_LIST_API_KEYS)))
        .addMethod(
          getRotateApiKeyMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.RotateApiKeyRequest,
              dev.loci.v1.RotateApiKeyResponse>(
                service, METHODID_ROTATE_API_KEY)))
        .addMethod(
          getRevokeApiKeyMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.RevokeApiKeyRequest,
              dev.loci.v1.RevokeApiKeyResponse>(
                service, METHODID_REVOKE_API_KEY)))
        .addMethod(
          getGetIdentityMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.GetIdentityRequest,
              dev.loci.v1.GetIdentityResponse>(
                service, METHODID_GET_IDENTITY)))
        .addMethod(
          getListIdentitiesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.ListIdentitiesRequest,
              dev.loci.v1.ListIdentitiesResponse>(
                service, METHODID_LIST_IDENTITIES)))
        .addMethod(
          getListAuditEntriesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.ListAuditEntriesRequest,
              dev.loci.v1.ListAuditEntriesResponse>(
                service, METHODID_LIST_AUDIT_ENTRIES)))
        .addMethod(
          getExportAuditEntriesMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              dev.loci.v1.ExportAuditEntriesRequest,
              dev.loci.v1.ExportAuditEntriesResponse>(
                service, METHODID_EXPORT_AUDIT_ENTRIES)))
        .addMethod(
          getVerifyAuditMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.VerifyAuditRequest,
              dev.loci.v1.VerifyAuditResponse>(
                service, METHODID_VERIFY_AUDIT)))
        .addMethod(
          getGetReembeddingMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.GetReembeddingRequest,
              dev.loci.v1.GetReembeddingResponse>(
                service, METHODID_GET_REEMBEDDING)))
        .addMethod(
          getListReembeddingsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.ListReembeddingsRequest,
              dev.loci.v1.ListReembeddingsResponse>(
                service, METHODID_LIST_REEMBEDDINGS)))
        .addMethod(
          getReembedGraphMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.ReembedGraphRequest,
              dev.loci.v1.ReembedGraphResponse>(
                service, METHODID_REEMBED_GRAPH)))
        .addMethod(
          getRotateKeysMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.RotateKeysRequest,
              dev.loci.v1.RotateKeysResponse>(
                service, METHODID_ROTATE_KEYS)))
        .addMethod(
          getGetKeyRotationMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.GetKeyRotationRequest,
              dev.loci.v1.GetKeyRotationResponse>(
                service, METHODID_GET_KEY_ROTATION)))
        .addMethod(
          getListKeyRotationsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.ListKeyRotationsRequest,
              dev.loci.v1.ListKeyRotationsResponse>(
                service, METHODID_LIST_KEY_ROTATIONS)))
        .addMethod(
          getEraseTenantMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.EraseTenantRequest,
              dev.loci.v1.EraseTenantResponse>(
                service, METHODID_ERASE_TENANT)))
        .addMethod(
          getGetErasureMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.GetErasureRequest,
              dev.loci.v1.GetErasureResponse>(
                service, METHODID_GET_ERASURE)))
        .addMethod(
          getListErasuresMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.ListErasuresRequest,
              dev.loci.v1.ListErasuresResponse>(
                service, METHODID_LIST_ERASURES)))
        .addMethod(
          getGetReceiptKeyMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.loci.v1.GetReceiptKeyRequest,
              dev.loci.v1.GetReceiptKeyResponse>(
                service, METHODID_GET_RECEIPT_KEY)))
        .build();
  }

  private static abstract class AdminServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    AdminServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.loci.v1.AdminServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("AdminService");
    }
  }

  private static final class AdminServiceFileDescriptorSupplier
      extends AdminServiceBaseDescriptorSupplier {
    AdminServiceFileDescriptorSupplier() {}
  }

  private static final class AdminServiceMethodDescriptorSupplier
      extends AdminServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    AdminServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (AdminServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new AdminServiceFileDescriptorSupplier())
              .addMethod(getCreateTenantMethod())
              .addMethod(getGetTenantMethod())
              .addMethod(getListTenantsMethod())
              .addMethod(getUpdateTenantMethod())
              .addMethod(getGetTenantUsageMethod())
              .addMethod(getDeleteTenantMethod())
              .addMethod(getUndeleteTenantMethod())
              .addMethod(getCreateApiKeyMethod())
              .addMethod(getListApiKeysMethod())
              .addMethod(getRotateApiKeyMethod())
              .addMethod(getRevokeApiKeyMethod())
              .addMethod(getGetIdentityMethod())
              .addMethod(getListIdentitiesMethod())
              .addMethod(getListAuditEntriesMethod())
              .addMethod(getExportAuditEntriesMethod())
              .addMethod(getVerifyAuditMethod())
              .addMethod(getGetReembeddingMethod())
              .addMethod(getListReembeddingsMethod())
              .addMethod(getReembedGraphMethod())
              .addMethod(getRotateKeysMethod())
              .addMethod(getGetKeyRotationMethod())
              .addMethod(getListKeyRotationsMethod())
              .addMethod(getEraseTenantMethod())
              .addMethod(getGetErasureMethod())
              .addMethod(getListErasuresMethod())
              .addMethod(getGetReceiptKeyMethod())
              .build();
        }
      }
    }
    return result;
  }
}
