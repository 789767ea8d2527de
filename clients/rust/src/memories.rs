//! What an agent does most, as short calls.

use crate::v1::{ForgetRequest, RecallRequest, RememberRequest, SearchRequest};
use crate::{Call, Loci, names};

impl Loci {
    /// Keeps a memory, unless it is there already. [`Call::with`] fills in more.
    pub fn remember(&self, graph: &str, text: impl Into<String>) -> Call<RememberRequest> {
        self.call(RememberRequest { parent: names::graph(graph), text: text.into(), ..Default::default() })
    }

    /// The memories of one or several graphs that bear on a query, best first, and a text of them that fits a budget.
    pub fn recall<G: AsRef<str>>(
        &self,
        graphs: impl IntoIterator<Item = G>,
        query: impl Into<String>,
    ) -> Call<RecallRequest> {
        let parents = graphs.into_iter().map(|graph| names::graph(graph.as_ref())).collect();
        self.call(RecallRequest { parents, query: query.into(), ..Default::default() })
    }

    /// Deletes memories, by id or name, in one commit of at most 1,000. Without any, give a filter by [`Call::with`].
    pub fn forget<N: AsRef<str>>(&self, graph: &str, nodes: impl IntoIterator<Item = N>) -> Call<ForgetRequest> {
        let names = nodes.into_iter().map(|node| names::node(graph, node.as_ref())).collect();
        self.call(ForgetRequest { parent: names::graph(graph), names, ..Default::default() })
    }

    /// Finds the nodes of a graph that a query is about, best first.
    pub fn search(&self, graph: &str, query: impl Into<String>) -> Call<SearchRequest> {
        self.call(SearchRequest { parent: names::graph(graph), query: query.into(), ..Default::default() })
    }
}
