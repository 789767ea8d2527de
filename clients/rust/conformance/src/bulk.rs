//! Imports and exports.

use loci_client::{ImportSummary, Loci, v1};
use serde_json::{Value, json};

use crate::answers::{Failure, places};
use crate::json::{read, written};
use crate::requests::Asked;

/// `import`
pub(crate) async fn import(loci: &Loci, asked: &Asked<'_>) -> Result<Value, Failure> {
    let items = asked.message("items").and_then(Value::as_array).into_iter().flatten();
    let items: Vec<v1::BulkItem> = items.map(|item| read(Some(item))).collect::<Result<_, _>>()?;
    let import = loci
        .import(asked.text("graph")?, items)
        .import_id(asked.text("import_id")?)
        .on_error(asked.on_error()?)
        .on_conflict(asked.on_conflict()?)
        .chunk_size(asked.count("chunk_size").unwrap_or(1000));
    Ok(json!({"summary": told(&import.await?)}))
}

fn told(summary: &ImportSummary) -> Value {
    json!({
        "node_count": summary.node_count,
        "edge_count": summary.edge_count,
        "failed_count": summary.failed_count,
        "kept_count": summary.kept_count,
        "chunk_count": summary.chunk_count,
        "skipped_chunk_count": summary.skipped_chunk_count,
        "revision": summary.revision,
        "errors": places(&summary.errors),
    })
}

/// `export`
pub(crate) async fn export(loci: &Loci, asked: &Asked<'_>) -> Result<Value, Failure> {
    let items = loci.export(asked.text("graph")?).items().all().await?;
    Ok(json!({"items": items.iter().map(written).collect::<Vec<_>>()}))
}
