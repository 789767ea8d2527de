//! Calls and lists by the name of their method.

use std::time::Duration;

use loci_client::{Loci, Paged, Unary, v1};
use prost::Name;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::answers::Failure;
use crate::json::{read, written};
use crate::requests::Asked;

/// `call`
pub(crate) async fn call(loci: &Loci, asked: &Asked<'_>) -> Result<Value, Failure> {
    let (method, request) = (asked.text("method")?, asked.message("request"));
    let limit = asked.millis("timeout_ms");
    let calling = async {
        macro_rules! by_name {
            ($($name:literal => $request:ident,)*) => {
                match method {
                    $($name => unary::<v1::$request>(loci, request, limit).await,)*
                    _ => Err(Failure::agent(format!("there is no method {method}"))),
                }
            };
        }
        loci_client::unary_methods!(by_name)
    };
    match asked.millis("cancel_after_ms") {
        Some(patience) => tokio::select! {
            answer = calling => answer,
            () = sleep(patience) => Err(Failure::cancelled()),
        },
        None => calling.await,
    }
}

async fn unary<R>(loci: &Loci, request: Option<&Value>, limit: Option<Duration>) -> Result<Value, Failure>
where
    R: Unary + Name,
    R::Response: Name,
{
    let mut call = loci.call(read::<R>(request)?);
    if let Some(limit) = limit {
        call = call.timeout(limit);
    }
    Ok(json!({"response": written(&call.await?)}))
}

/// `list`
pub(crate) async fn list(loci: &Loci, asked: &Asked<'_>) -> Result<Value, Failure> {
    let (method, request) = (asked.text("method")?, asked.message("request"));
    let limit = asked.count("limit").unwrap_or(usize::MAX);
    macro_rules! by_name {
        ($($name:literal => $request:ident,)*) => {
            match method {
                $($name => items::<v1::$request>(loci, request, limit).await,)*
                _ => Err(Failure::agent(format!("{method} has no pages"))),
            }
        };
    }
    loci_client::paged_methods!(by_name)
}

async fn items<R>(loci: &Loci, request: Option<&Value>, limit: usize) -> Result<Value, Failure>
where
    R: Paged + Name,
    R::Item: prost::Message + Name,
{
    let mut items = loci.items(read::<R>(request)?);
    let mut told = Vec::new();
    while told.len() < limit
        && let Some(item) = items.next().await
    {
        told.push(written(&item?));
    }
    Ok(json!({"items": told}))
}

/// `remember`
pub(crate) async fn remember(loci: &Loci, asked: &Asked<'_>) -> Result<Value, Failure> {
    let more: v1::RememberRequest = read(asked.message("request"))?;
    let call = loci.remember(asked.text("graph")?, asked.text("text")?);
    let response = call.with(|request| {
        *request = v1::RememberRequest { parent: take(&mut request.parent), text: take(&mut request.text), ..more }
    });
    Ok(json!({"response": written(&response.await?)}))
}

/// `recall`
pub(crate) async fn recall(loci: &Loci, asked: &Asked<'_>) -> Result<Value, Failure> {
    let more: v1::RecallRequest = read(asked.message("request"))?;
    let call = loci.recall(asked.texts("graphs"), asked.text("query")?);
    let response = call.with(|request| {
        *request = v1::RecallRequest { parents: take(&mut request.parents), query: take(&mut request.query), ..more }
    });
    Ok(json!({"response": written(&response.await?)}))
}

/// `forget`
pub(crate) async fn forget(loci: &Loci, asked: &Asked<'_>) -> Result<Value, Failure> {
    let more: v1::ForgetRequest = read(asked.message("request"))?;
    let call = loci.forget(asked.text("graph")?, asked.texts("names"));
    let response = call.with(|request| {
        *request = v1::ForgetRequest { parent: take(&mut request.parent), names: take(&mut request.names), ..more }
    });
    Ok(json!({"response": written(&response.await?)}))
}

fn take<T: Default>(value: &mut T) -> T {
    std::mem::take(value)
}

/// What is given, or the error that it did not come in time.
pub(crate) async fn within<T>(limit: Duration, waiting: impl Future<Output = T>) -> Result<T, Failure> {
    timeout(limit, waiting).await.map_err(|_| Failure::timeout())
}
