//! What the client costs beside the bare generated stub.

use futures_util::future::try_join_all;
use loci_client::Loci;
use loci_client::v1::GetNodeRequest;
use loci_client::v1::node_service_client::NodeServiceClient;
use serde_json::{Value, json};
use tokio::time::Instant;
use tonic::metadata::AsciiMetadataValue;
use tonic::transport::{Channel, Endpoint};

use crate::answers::Failure;
use crate::requests::Asked;

/// `bench`: GetNode, so many at once, for so long.
pub(crate) async fn bench(loci: &Loci, asked: &Asked<'_>) -> Result<Value, Failure> {
    let request = GetNodeRequest { name: asked.text("name")?.to_owned(), ..Default::default() };
    let (in_flight, length) = (asked.count("in_flight").unwrap_or(1), asked.seconds("seconds")?);
    let counts = if asked.is("bare") {
        let (stub, key) = plain(asked).await?;
        let until = Instant::now() + length;
        try_join_all((0..in_flight).map(|_| by_stub(stub.clone(), &key, &request, until))).await?
    } else {
        let until = Instant::now() + length;
        try_join_all((0..in_flight).map(|_| by_client(loci, &request, until))).await?
    };
    Ok(json!({"calls": counts.iter().sum::<u64>()}))
}

async fn plain(asked: &Asked<'_>) -> Result<(NodeServiceClient<Channel>, AsciiMetadataValue), Failure> {
    let failed = |error: &dyn std::error::Error| Failure::agent(error.to_string());
    let endpoint =
        Endpoint::from_shared(format!("http://{}", asked.text("address")?)).map_err(|error| failed(&error))?;
    let channel = endpoint.connect().await.map_err(|error| failed(&error))?;
    let key = format!("Bearer {}", asked.text("api_key")?).parse();
    Ok((NodeServiceClient::new(channel), key.map_err(|_| Failure::agent("api_key"))?))
}

async fn by_client(loci: &Loci, request: &GetNodeRequest, until: Instant) -> Result<u64, Failure> {
    let mut count = 0;
    while Instant::now() < until {
        loci.get_node(request.clone()).await?;
        count += 1;
    }
    Ok(count)
}

async fn by_stub(
    mut stub: NodeServiceClient<Channel>,
    key: &AsciiMetadataValue,
    request: &GetNodeRequest,
    until: Instant,
) -> Result<u64, Failure> {
    let mut count = 0;
    while Instant::now() < until {
        let mut request = tonic::Request::new(request.clone());
        request.metadata_mut().insert("authorization", key.clone());
        stub.get_node(request).await.map_err(|status| Failure::agent(status.to_string()))?;
        count += 1;
    }
    Ok(count)
}
