//! What the client costs beside the bare generated stub: the rate of GetNode, 32 in flight, of both in turns over
//! connections to the same server (`LOCI_ADDRESS`, `LOCI_API_KEY`). Prints a line of JSON.

use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use loci_client::v1::node_service_client::NodeServiceClient;
use loci_client::{Loci, names, v1};
use serde_json::json;

const IN_FLIGHT: usize = 32;
const ROUNDS: usize = 40;
const ROUND: Duration = Duration::from_millis(500);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let loci = Loci::from_env()?;
    let graph = loci.create_graph(v1::CreateGraphRequest::default()).await?.graph.unwrap_or_default().name;
    let node = v1::Node { label: "Ann".into(), text: "Ann plays the cello.".into(), ..Default::default() };
    let create =
        v1::CreateNodeRequest { parent: graph.clone(), node_id: "ann".into(), node: Some(node), ..Default::default() };
    loci.create_node(create).await?;
    let request = v1::GetNodeRequest { name: names::node(&graph, "ann"), ..Default::default() };
    let key = format!("Bearer {}", std::env::var("LOCI_API_KEY")?).parse()?;
    let stub = NodeServiceClient::new(Loci::from_env()?.channel());
    let (mut client_rates, mut stub_rates) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let by_client = async |until| -> Result<usize, Box<dyn std::error::Error>> {
            let mut count = 0;
            while Instant::now() < until {
                loci.get_node(request.clone()).await?;
                count += 1;
            }
            Ok(count)
        };
        let by_stub = async |until| -> Result<usize, Box<dyn std::error::Error>> {
            let mut count = 0;
            let mut stub = stub.clone();
            while Instant::now() < until {
                let mut request = tonic::Request::new(request.clone());
                request.metadata_mut().insert("authorization", Clone::clone(&key));
                request.set_timeout(Duration::from_secs(30));
                stub.get_node(request).await?;
                count += 1;
            }
            Ok(count)
        };
        let until = Instant::now() + ROUND;
        let client: usize = try_join_all((0..IN_FLIGHT).map(|_| by_client(until))).await?.iter().sum();
        let until = Instant::now() + ROUND;
        let bare: usize = try_join_all((0..IN_FLIGHT).map(|_| by_stub(until))).await?.iter().sum();
        // The first one warms up.
        if round > 0 {
            client_rates.push(rate(client));
            stub_rates.push(rate(bare));
        }
    }
    // Of each pair, as both of them had the same neighbours on the machine.
    let ratio = median(client_rates.iter().zip(&stub_rates).map(|(client, bare)| client / bare).collect());
    let (client, bare) = (median(client_rates), median(stub_rates));
    println!("{}", json!({"language": "rust", "client_per_second": client, "stub_per_second": bare, "ratio": ratio}));
    Ok(())
}

#[allow(clippy::cast_precision_loss)]
fn rate(count: usize) -> f64 {
    count as f64 / ROUND.as_secs_f64()
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}
