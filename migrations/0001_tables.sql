-- Tables. The key of every big table begins with the graph; every row names its tenant, and forced row-level security
-- lets a transaction see the rows of the tenant it has named by set_config('loci.tenant', …, true), or none.
--
-- Words: *_key columns are numbers that never leave the server; ids are the callers'. `content`, `image`, `answer`,
-- `note`, `display_name`, `search_fields` hold envelopes (docs/security.md). Terms and property tokens are keyed hashes (64 bits).

-- The one installation: a random secret, wrapped by the key provider, from which credentials and tokens are keyed.
CREATE TABLE loci.cluster (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    cluster_id uuid NOT NULL DEFAULT gen_random_uuid(),
    kek_id text NOT NULL,
    wrapped_secret bytea NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now(),
    -- Transaction ids mean something within one PostgreSQL cluster. A dump that is restored into another one begins a new
    -- incarnation, which stands beside each id that is stored.
    incarnation smallint NOT NULL DEFAULT 1,
    system_identifier bigint,
    -- The embedding model that graphs are brought to (0013_models).
    embedding_model text,
    -- Counts changes of the keys of graphs that every server has to hear of (0017_keys).
    key_epoch bigint NOT NULL DEFAULT 0
);

CREATE TABLE loci.tenants (
    tenant_key bigint PRIMARY KEY,
    tenant_id text COLLATE "C" NOT NULL UNIQUE,
    display_name bytea NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now(),
    delete_time timestamptz,
    -- Its quota. Null: as the servers are set up; 0: no limit.
    requests_per_second bigint,
    request_burst bigint,
    max_graphs bigint,
    max_nodes bigint,
    max_bytes bigint
);

CREATE TABLE loci.api_keys (
    tenant_key bigint NOT NULL REFERENCES loci.tenants,
    key_id bigint NOT NULL,
    secret_hash bytea NOT NULL,
    scopes smallint[] NOT NULL,
    -- Names and prefixes that it is limited to; none: no limit.
    graphs text[] NOT NULL DEFAULT '{}',
    display_name bytea NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now(),
    expire_time timestamptz,
    -- When it would end if it had not been rotated.
    planned_expire_time timestamptz,
    revoke_time timestamptz,
    last_use_time timestamptz,
    PRIMARY KEY (tenant_key, key_id)
) WITH (fillfactor = 80);


CREATE TABLE loci.graphs (
    graph_key bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    tenant_key bigint NOT NULL REFERENCES loci.tenants,
    graph_id text COLLATE "C" NOT NULL,
    display_name bytea NOT NULL,
    -- Dense: the n-th commit has revision n. Bumped last in each commit.
    revision bigint NOT NULL DEFAULT 0,
    -- The time of the last commit; strictly increasing.
    commit_time timestamptz NOT NULL DEFAULT now(),
    node_count bigint NOT NULL DEFAULT 0,
    edge_count bigint NOT NULL DEFAULT 0,
    -- Sealed content of its nodes and edges, as they are now.
    byte_count bigint NOT NULL DEFAULT 0,
    -- BM25: documents and the sum of their lengths in terms.
    document_count bigint NOT NULL DEFAULT 0,
    document_length bigint NOT NULL DEFAULT 0,
    -- Documents ever written; says when the lexical tail is due to be merged.
    document_serial bigint NOT NULL DEFAULT 0,
    -- What of nodes is searched, sealed (null: the default), and which choice that is.
    search_fields bytea,
    search_version bigint NOT NULL DEFAULT 0,
    -- Changes with each update of the graph's own fields.
    version bigint NOT NULL DEFAULT 1,
    create_time timestamptz NOT NULL DEFAULT now(),
    update_time timestamptz NOT NULL DEFAULT now(),
    delete_time timestamptz,
    -- The transactions that made the graph, that last deleted it or brought it back, and that last changed anything, each
    -- with its incarnation.
    create_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    state_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    -- The highest of all that changed it in this incarnation: PostgreSQL does not give it out again, even after a crash.
    high_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    create_incarnation smallint NOT NULL,
    state_incarnation smallint NOT NULL,
    incarnation smallint NOT NULL,
    UNIQUE (tenant_key, graph_id)
) WITH (fillfactor = 70);

-- Wrapped data keys. Purpose 1: content; 2: search tokens; 3: the rotation of vectors; 4: marks, which is not rotated. The
-- highest version that is `sealing` is in use; one above is not known to all servers yet.
CREATE TABLE loci.graph_keys (
    graph_key bigint NOT NULL REFERENCES loci.graphs,
    purpose smallint NOT NULL,
    version integer NOT NULL,
    tenant_key bigint NOT NULL,
    kek_id text NOT NULL,
    wrapped bytea NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now(),
    sealing boolean NOT NULL DEFAULT true,
    -- How often it has sealed, as far as servers have told.
    encryptions bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (graph_key, purpose, version)
);

-- Numbers for documents (a node's text at one time) and images, given out in blocks of 1,000 to each process.
CREATE SEQUENCE loci.document_numbers INCREMENT BY 1000;

CREATE TABLE loci.nodes (
    graph_key bigint NOT NULL,
    tenant_key bigint NOT NULL,
    -- The document that is this node's label, aliases and text as they are now, and its length in terms.
    doc_no bigint,
    length integer NOT NULL,
    -- By which key the tokens of its terms are made: the last bit of the key's version. That of other tokens is their own
    -- last bit.
    generation smallint NOT NULL DEFAULT 1,
    revision bigint NOT NULL,
    valid_lower timestamptz,
    valid_upper timestamptz,
    event_time timestamptz,
    create_time timestamptz NOT NULL,
    update_time timestamptz NOT NULL,
    expire_time timestamptz,
    salience double precision NOT NULL,
    superseded boolean NOT NULL DEFAULT false,
    id text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    property_tokens bigint[] NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (graph_key, id)
);
ALTER TABLE loci.nodes ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX nodes_document ON loci.nodes (graph_key, doc_no) WHERE doc_no IS NOT NULL;
CREATE INDEX nodes_type ON loci.nodes (graph_key, type, id);
CREATE INDEX nodes_event_time ON loci.nodes (graph_key, event_time) WHERE event_time IS NOT NULL;
CREATE INDEX nodes_expire_time ON loci.nodes (graph_key, expire_time) WHERE expire_time IS NOT NULL;

CREATE TABLE loci.edges (
    graph_key bigint NOT NULL,
    tenant_key bigint NOT NULL,
    revision bigint NOT NULL,
    valid_lower timestamptz,
    valid_upper timestamptz,
    create_time timestamptz NOT NULL,
    update_time timestamptz NOT NULL,
    weight double precision NOT NULL,
    id text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    relation text COLLATE "C" NOT NULL,
    target text COLLATE "C" NOT NULL,
    property_tokens bigint[] NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (graph_key, id)
);
ALTER TABLE loci.edges ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE INDEX edges_source ON loci.edges (graph_key, source, weight DESC, id);
CREATE INDEX edges_target ON loci.edges (graph_key, target, weight DESC, id);

-- Equality of properties, and of what nodes claim. Kind 1: node; 2: edge.
CREATE TABLE loci.property_index (
    graph_key bigint NOT NULL,
    token bigint NOT NULL,
    kind smallint NOT NULL,
    tenant_key bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    PRIMARY KEY (graph_key, kind, token, id)
);

-- The one log. Kind as above; op 1: created, 2: updated, 3: deleted, 4: renamed (other_id: from), 5: renamed away
-- (other_id: to), 6: hard-deleted. The image is the sealed node or edge after the change; 3, 5 and 6 have none, and of what
-- was hard-deleted there is none left. Ordinals order the changes of a commit; they need not be dense.
--
-- Parted by month, so that old months can be dropped (0007_log_parts). Part 0 is the base: of each item the version that
-- was valid when the months behind it were dropped.
CREATE TABLE loci.changes (
    graph_key bigint NOT NULL,
    revision bigint NOT NULL,
    ordinal integer NOT NULL,
    part integer NOT NULL,      -- year and month (UTC) of commit_time: 202611
    kind smallint NOT NULL,
    op smallint NOT NULL,
    incarnation smallint NOT NULL,
    tenant_key bigint NOT NULL,
    xid xid8 NOT NULL,          -- of the commit
    image_no bigint NOT NULL,
    commit_time timestamptz NOT NULL,
    create_time timestamptz,
    update_time timestamptz,
    actor bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    other_id text COLLATE "C",
    -- The node's type or the edge's relation; of what was deleted, the last one. previous_type: the one before, if it is
    -- another.
    type text COLLATE "C" NOT NULL,
    previous_type text COLLATE "C",
    -- What earlier states are selected by: as in nodes and edges, salience and weight in one. Null where there is no image.
    source text COLLATE "C",
    target text COLLATE "C",
    weight double precision,
    event_time timestamptz,
    valid_lower timestamptz,
    valid_upper timestamptz,
    expire_time timestamptz,
    request_hash bytea,
    note bytea,
    image bytea,
    PRIMARY KEY (graph_key, revision, ordinal, part)
) PARTITION BY RANGE (part);
ALTER TABLE loci.changes ALTER COLUMN image SET STORAGE EXTERNAL;
CREATE INDEX changes_entity ON loci.changes (graph_key, kind, id, part DESC, revision DESC, ordinal DESC);
CREATE INDEX changes_expire_time ON loci.changes (graph_key, expire_time) WHERE expire_time IS NOT NULL;
CREATE INDEX changes_source ON loci.changes (graph_key, source, revision) WHERE source IS NOT NULL;
CREATE INDEX changes_target ON loci.changes (graph_key, target, revision) WHERE target IS NOT NULL;

-- Lexical search. A document's terms stand in the tail until a job moves them, by term, into segments; a document that
-- is replaced or removed after that stands in the dead list until the job takes it out of them.
CREATE TABLE loci.lexical_tail (
    graph_key bigint NOT NULL,
    doc_no bigint NOT NULL,
    tenant_key bigint NOT NULL,
    length integer NOT NULL,
    terms bigint[] NOT NULL,
    frequencies smallint[] NOT NULL,
    mentions bigint[],  -- of what the document names; null: nothing
    PRIMARY KEY (graph_key, doc_no)
);

-- A posting is a number of 64 bits: the document's number less first_doc_no, its frequency (15 bits; 0: the term is something
-- that the document names, not a word of it), its length (20 bits).
-- A row holds at most 240 of them, so that four rows fit into a page.
CREATE TABLE loci.lexical_segments (
    graph_key bigint NOT NULL,
    term bigint NOT NULL,
    first_doc_no bigint NOT NULL,
    tenant_key bigint NOT NULL,
    postings bigint[] NOT NULL,
    PRIMARY KEY (graph_key, term, first_doc_no)
);

-- As far as its terms are of one generation.
CREATE TABLE loci.lexical_dead (
    graph_key bigint NOT NULL,
    posted bigint NOT NULL,  -- twice the document's number, and the generation
    tenant_key bigint NOT NULL,
    PRIMARY KEY (graph_key, posted)
);

-- A model's id and dimension. The first vector that is stored confirms the dimension; until then there may be rows with
-- others, left by writes that were refused.
CREATE TABLE loci.embedding_models (
    model_key integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_key bigint NOT NULL,
    model text NOT NULL,
    dimension integer NOT NULL,
    confirmed boolean NOT NULL DEFAULT false,
    UNIQUE (tenant_key, model, dimension)
);
CREATE UNIQUE INDEX embedding_models_confirmed ON loci.embedding_models (tenant_key, model) WHERE confirmed;

CREATE TABLE loci.embeddings (
    graph_key bigint NOT NULL,
    doc_no bigint NOT NULL,
    tenant_key bigint NOT NULL,
    model_key integer NOT NULL,
    -- The passage of the document; -1: the vector is the caller's own.
    chunk smallint NOT NULL,
    -- Null: its graph is searched without an index. 0: it waits to be indexed. Else its dimension: the index has it.
    indexed smallint,
    -- Under which rotation it is: the last bit of the key's version.
    generation smallint NOT NULL DEFAULT 1,
    embedding public.halfvec NOT NULL,
    PRIMARY KEY (graph_key, model_key, doc_no, chunk)
) WITH (toast_tuple_target = 8160);  -- in the row: a search looks at many, and would have to fetch each from elsewhere

-- Work to be done after a commit. Kind 1: embed the document `subject`; 2: merge the lexical tail, and for `subject` 1 take
-- every document of the dead list out of the segments; 3: index the vectors of the model `subject`; 4: hard-delete what has
-- expired; 5: change the graph's model (subject 1: or make its vectors anew); 6, under 5: embed the document `subject`,
-- which came late or was refused (then it has attempts), by the next model.
CREATE TABLE loci.jobs (
    graph_key bigint NOT NULL,
    kind smallint NOT NULL,
    subject bigint NOT NULL,
    tenant_key bigint NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    run_after timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (graph_key, kind, subject)
);
CREATE INDEX jobs_due ON loci.jobs (kind, graph_key, run_after);
CREATE INDEX jobs_changes ON loci.jobs (tenant_key, graph_key) WHERE kind = 5;

-- Answers of writes that carried a request_id, kept for 24 hours. graph_key 0: writes to the tenant itself. An empty
-- answer: what it told of was hard-deleted.
CREATE TABLE loci.idempotency (
    graph_key bigint NOT NULL,
    tenant_key bigint NOT NULL,
    request_hash bytea NOT NULL,
    fingerprint bytea NOT NULL,
    revision bigint NOT NULL,
    commit_time timestamptz NOT NULL,
    answer bytea NOT NULL,
    PRIMARY KEY (graph_key, tenant_key, request_hash)
);
CREATE INDEX idempotency_age ON loci.idempotency USING brin (commit_time);

CREATE TABLE loci.imports (
    graph_key bigint NOT NULL,
    import_id text COLLATE "C" NOT NULL,
    tenant_key bigint NOT NULL,
    options bytea NOT NULL,
    next_sequence bigint NOT NULL DEFAULT 1,
    node_count bigint NOT NULL DEFAULT 0,
    edge_count bigint NOT NULL DEFAULT 0,
    failed_count bigint NOT NULL DEFAULT 0,
    create_time timestamptz NOT NULL DEFAULT now(),
    update_time timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (graph_key, import_id)
);

CREATE TABLE loci.import_chunks (
    graph_key bigint NOT NULL,
    import_id text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    tenant_key bigint NOT NULL,
    fingerprint bytea NOT NULL,
    result bytea NOT NULL,
    PRIMARY KEY (graph_key, import_id, sequence),
    FOREIGN KEY (graph_key, import_id) REFERENCES loci.imports ON DELETE CASCADE
);

-- Row-level security. The sub-selects are evaluated once per statement; nullif makes an unset tenant match nothing.
-- Rows of these tables are seen, and written, in the name of their tenant only, by the owner of the tables, too.
CREATE PROCEDURE loci.keep_apart(VARIADIC p_tables text[])
LANGUAGE plpgsql AS $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY p_tables LOOP
        EXECUTE format('ALTER TABLE loci.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE loci.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format($policy$
            CREATE POLICY tenant ON loci.%I
            USING (tenant_key = (SELECT nullif(current_setting('loci.tenant', true), '')::bigint))$policy$, name);
    END LOOP;
END $$;

CALL loci.keep_apart('api_keys', 'graphs', 'graph_keys', 'nodes', 'edges', 'property_index', 'changes', 'lexical_tail',
    'lexical_segments', 'lexical_dead', 'embedding_models', 'embeddings', 'jobs', 'idempotency', 'imports',
    'import_chunks', 'tenants');

-- Nobody sees a node that has expired, but for what removes it.
CREATE POLICY living ON loci.nodes AS RESTRICTIVE
    USING (expire_time IS NULL OR expire_time > now() OR current_setting('loci.expired', true) = 'seen')
    WITH CHECK (true);

ALTER TABLE loci.cluster ENABLE ROW LEVEL SECURITY;
ALTER TABLE loci.cluster FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone ON loci.cluster USING (true);

-- AdminService on behalf of an operator, and the boot of a new installation.
CREATE POLICY operator ON loci.tenants
    USING ((SELECT current_setting('loci.role', true)) = 'operator');

-- Background jobs see which work there is, whosesoever; to do it they name the tenant like everybody.
CREATE POLICY worker ON loci.jobs
    USING ((SELECT current_setting('loci.role', true)) = 'worker');

-- They may also remove answers that are past their time.
CREATE POLICY worker ON loci.idempotency
    USING ((SELECT current_setting('loci.role', true)) = 'worker' AND commit_time < now() - interval '24 hours');
CREATE POLICY worker ON loci.imports
    USING ((SELECT current_setting('loci.role', true)) = 'worker' AND update_time < now() - interval '7 days');
