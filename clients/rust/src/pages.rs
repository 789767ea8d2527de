//! Lists that come page by page.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::Stream;
use futures_util::stream::{BoxStream, StreamExt, try_unfold};

use crate::{Loci, Result, Unary};

/// The request of a method that is answered page by page.
pub trait Paged: Unary {
    /// What its pages hold.
    type Item: Send + 'static;

    /// Where the page begins.
    fn page_token(&mut self) -> &mut String;
    /// Where the next page begins; empty if there is none.
    fn next_page_token(page: &Self::Response) -> &str;
    /// What the page holds.
    fn items(page: Self::Response) -> Vec<Self::Item>;
}

/// A stream of results that ends behind its first error. Dropped, it is cancelled.
#[must_use = "streams do nothing unless polled"]
pub struct Items<T>(BoxStream<'static, Result<T>>);

impl<T: Send + 'static> Items<T> {
    pub(crate) fn new(stream: impl Stream<Item = Result<T>> + Send + 'static) -> Self {
        Self(stream.boxed())
    }

    /// The next one, as `StreamExt::next` gives it.
    pub async fn next(&mut self) -> Option<Result<T>> {
        self.0.next().await
    }

    /// All of them, or the first error.
    pub async fn all(mut self) -> Result<Vec<T>> {
        let mut items = Vec::new();
        while let Some(item) = self.next().await {
            items.push(item?);
        }
        Ok(items)
    }
}

impl<T> Stream for Items<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").finish_non_exhaustive()
    }
}

impl Loci {
    /// The items of all pages of a list, fetched as they are needed. The client's deadline is for each page.
    ///
    /// ```no_run
    /// use loci_client::{Loci, names, v1};
    ///
    /// # async fn example(loci: Loci) -> loci_client::Result<()> {
    /// let request = v1::ListNodesRequest { parent: names::graph("alice"), ..Default::default() };
    /// let mut nodes = loci.items(request);
    /// while let Some(node) = nodes.next().await {
    ///     println!("{}", node?.label);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn items<R: Paged>(&self, request: R) -> Items<R::Item> {
        let begun = (self.pages(request), VecDeque::new());
        Items::new(try_unfold(begun, |(mut pages, mut items)| async move {
            loop {
                if let Some(item) = items.pop_front() {
                    return Ok(Some((item, (pages, items))));
                }
                match pages.next().await {
                    Some(page) => items = R::items(page?).into(),
                    None => return Ok(None),
                }
            }
        }))
    }

    /// As [`items`](Self::items), page by page, with what the pages say beside their items.
    pub fn pages<R: Paged>(&self, request: R) -> Items<R::Response> {
        let begun = Some((self.clone(), request));
        Items::new(try_unfold(begun, |state| async move {
            let Some((loci, mut request)) = state else { return Ok(None) };
            let page = loci.call(request.clone()).await?;
            let token = R::next_page_token(&page);
            let next = (!token.is_empty()).then(|| {
                token.clone_into(request.page_token());
                (loci, request)
            });
            Ok(Some((page, next)))
        }))
    }
}
