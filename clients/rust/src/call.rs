//! A call before it is made.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use prost::Message;

use crate::{Loci, Result};

/// A method of the contract.
#[derive(Clone, Copy, Debug)]
pub struct Method {
    /// `/loci.v1.NodeService/GetNode`
    pub path: &'static str,
    /// Whether it may be called twice: what makes a thing, by its `request_id` only.
    pub is_repeatable: bool,
}

impl Method {
    pub(crate) const fn new(path: &'static str, is_repeatable: bool) -> Self {
        Self { path, is_repeatable }
    }
}

/// The request of a unary method: it names the method. All of [`v1`](crate::v1) are there.
pub trait Unary: Message + Clone + Default + 'static {
    /// What it is answered with.
    type Response: Message + Default + 'static;
    /// What it asks for.
    const METHOD: Method;

    /// What makes a write happen once, however often it is sent: the client fills it in where it is empty.
    fn request_id(&mut self) -> Option<&mut String> {
        None
    }
}

/// A call to await. Dropped, it is cancelled: a write may have happened then.
#[must_use = "a call is made when it is awaited"]
pub struct Call<R> {
    loci: Loci,
    request: R,
    timeout: Option<Duration>,
}

impl<R: Unary> Call<R> {
    pub(crate) fn new(loci: Loci, request: R) -> Self {
        Self { loci, request, timeout: None }
    }

    /// Its deadline, over all its tries, in place of the client's.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Fills in further fields of the request.
    ///
    /// ```no_run
    /// # async fn example(loci: loci_client::Loci) -> loci_client::Result<()> {
    /// loci.remember("alice", "Ann plays the cello.").with(|request| request.speaker = "Bob".into()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn with(mut self, change: impl FnOnce(&mut R)) -> Self {
        change(&mut self.request);
        self
    }
}

impl<R: Unary> IntoFuture for Call<R> {
    type Output = Result<R::Response>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(mut self) -> Self::IntoFuture {
        if let Some(id) = self.request.request_id()
            && id.is_empty()
        {
            *id = uuid::Uuid::new_v4().to_string();
        }
        Box::pin(async move {
            let timeout = self.timeout.unwrap_or(self.loci.timeout());
            self.loci.transport().unary(&self.request, timeout).await
        })
    }
}
