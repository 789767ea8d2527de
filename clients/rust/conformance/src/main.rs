//! The agent of the Rust client for tests/conformance: does what it is told on standard input.

mod answers;
mod bench;
mod bulk;
mod calls;
mod json;
mod requests;
mod watches;

use std::collections::HashMap;
use std::sync::Arc;

use loci_client::{Loci, Tls};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::sync::{Mutex, mpsc};

use answers::Failure;
use requests::Asked;
use watches::Watching;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let agent = Arc::new(Agent::default());
    let (answers, mut answered) = mpsc::unbounded_channel::<String>();
    let writing = tokio::spawn(async move {
        let mut output = tokio::io::stdout();
        while let Some(line) = answered.recv().await {
            output.write_all(format!("{line}\n").as_bytes()).await?;
            output.flush().await?;
        }
        std::io::Result::Ok(())
    });
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        let (agent, answers) = (Arc::clone(&agent), answers.clone());
        tokio::spawn(async move {
            let asked: Value = serde_json::from_str(&line).unwrap_or_default();
            let result = agent.answer(&Asked(&asked)).await;
            let _ = answers.send(answers::line(&asked["id"], result));
        });
    }
    // What still runs ends with the process.
    writing.abort();
    Ok(())
}

/// The clients and watches that go on between requests.
#[derive(Default)]
struct Agent {
    clients: Mutex<HashMap<String, Loci>>,
    watches: Mutex<HashMap<String, Arc<Mutex<Watching>>>>,
}

impl Agent {
    async fn answer(&self, asked: &Asked<'_>) -> Result<Value, Failure> {
        match asked.text("op")? {
            "hello" => Ok(json!({"language": "rust"})),
            "connect" => self.connect(asked).await,
            "close" => {
                self.clients.lock().await.remove(asked.text("client")?);
                Ok(json!({}))
            }
            "call" => calls::call(&self.client(asked).await?, asked).await,
            "remember" => calls::remember(&self.client(asked).await?, asked).await,
            "recall" => calls::recall(&self.client(asked).await?, asked).await,
            "forget" => calls::forget(&self.client(asked).await?, asked).await,
            "list" => calls::list(&self.client(asked).await?, asked).await,
            "import" => bulk::import(&self.client(asked).await?, asked).await,
            "export" => bulk::export(&self.client(asked).await?, asked).await,
            "watch" => {
                let watching = Watching::begin(&self.client(asked).await?, asked).await?;
                self.watches.lock().await.insert(asked.text("watch")?.to_owned(), Arc::new(Mutex::new(watching)));
                Ok(json!({}))
            }
            "next" => {
                let watching = self.watches.lock().await.get(asked.text("watch")?).cloned();
                let watching = watching.ok_or_else(|| Failure::agent("there is no such watch"))?;
                watching.lock().await.next(asked).await
            }
            "bench" => bench::bench(&self.client(asked).await?, asked).await,
            "unwatch" => {
                self.watches.lock().await.remove(asked.text("watch")?);
                Ok(json!({}))
            }
            op => Err(Failure::agent(format!("there is no op {op}"))),
        }
    }

    async fn connect(&self, asked: &Asked<'_>) -> Result<Value, Failure> {
        let mut builder = Loci::builder()
            .address(asked.text("address")?)
            .api_key(asked.text("api_key")?)
            .insecure(asked.is("insecure"));
        if let Some(timeout) = asked.millis("timeout_ms") {
            builder = builder.timeout(timeout);
        }
        if let Some(roots) = asked.optional_text("roots") {
            builder = builder.tls(Tls::new().roots_file(roots)?);
        }
        let loci = builder.build()?;
        self.clients.lock().await.insert(asked.text("client")?.to_owned(), loci);
        Ok(json!({}))
    }

    async fn client(&self, asked: &Asked<'_>) -> Result<Loci, Failure> {
        let found = self.clients.lock().await.get(asked.text("client")?).cloned();
        found.ok_or_else(|| Failure::agent("there is no such client"))
    }
}
