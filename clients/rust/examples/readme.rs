use loci_client::{Loci, Result, v1};

#[tokio::main]
async fn main() -> Result<()> {
    let loci = Loci::from_env()?; // LOCI_ADDRESS, LOCI_API_KEY
    let graph = loci.create_graph(v1::CreateGraphRequest::default()).await?.graph.unwrap_or_default();
    loci.remember(&graph.name, "Ann plays the cello.").await?;
    loci.remember(&graph.name, "Bob lives in Austin.").with(|memory| memory.speaker = "Ann".into()).await?;
    let found = loci.recall([&graph.name], "Who plays the cello?").with(|query| query.limit = 1).await?;
    for memory in found.memories {
        println!("{}", memory.node.unwrap_or_default().text);
    }
    Ok(())
}
