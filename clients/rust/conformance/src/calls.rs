//! Calls and lists by the name of their method.

use std::pin::Pin;
use std::time::Duration;

use loci_client::{Loci, Paged, Unary, v1};
use prost::Name;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::answers::Failure;
use crate::json::{read, written};
use crate::requests::Asked;

type Answering<'a> = Pin<Box<dyn Future<Output = Result<Value, Failure>> + Send + 'a>>;

/// `call`
pub(crate) async fn call(loci: &Loci, asked: &Asked<'_>) -> Result<Value, Failure> {
    let (method, request) = (asked.text("method")?, asked.message("request"));
    let limit = asked.millis("timeout_ms");
    let calling = {
        macro_rules! by_name {
            ($($name:literal => $request:ident,)*) => {
                match method {
                    $($name => unary::<v1::$request>(loci, request, limit),)*
                    _ => return Err(Failure::agent(format!("there is no method {method}"))),
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

/// Boxed, as otherwise `call` would be as large as all of them.
fn unary<'a, R>(loci: &'a Loci, request: Option<&'a Value>, limit: Option<Duration>) -> Answering<'a>
where
    R: Unary + Name,
    R::Response: Name,
{
    Box::pin(async move {
        let mut call = loci.call(read::<R>(request)?);
        if let Some(limit) = limit {
            call = call.timeout(limit);
        }
        Ok(json!({"response": written(&call.await?)}))
    })
}

/// `list`
pub(crate) async fn list(loci: &Loci, asked: &Asked<'_>) -> Result<Value, Failure> {
    let (method, request) = (asked.text("method")?, asked.message("request"));
    let limit = asked.count("limit").unwrap_or(usize::MAX);
    macro_rules! by_name {
        ($($name:literal => $request:ident,)*) => {
            match method {
                $($name => items::<v1::$request>(loci, request, limit),)*
                _ => return Err(Failure::agent(format!("{method} has no pages"))),
            }
        };
    }
    loci_client::paged_methods!(by_name).await
}

fn items<'a, R>(loci: &'a Loci, request: Option<&'a Value>, limit: usize) -> Answering<'a>
where
    R: Paged + Name,
    R::Item: prost::Message + Name,
{
    Box::pin(async move {
        let mut items = loci.items(read::<R>(request)?);
        let mut told = Vec::new();
        while told.len() < limit
            && let Some(item) = items.next().await
        {
            told.push(written(&item?));
        }
        Ok(json!({"items": told}))
    })
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
