-- Many tenants, graphs and items, so that a table read from end to end shows.
INSERT INTO loci.cluster (kek_id, wrapped_secret) VALUES ('k', '');
INSERT INTO loci.tenants (tenant_key, tenant_id, display_name) SELECT n, 't' || n, '' FROM generate_series(1, 3000) n;
INSERT INTO loci.api_keys (tenant_key, key_id, secret_hash, scopes, display_name)
SELECT n % 300 + 1, n, '', '{1}', '' FROM generate_series(1, 6000) n;
INSERT INTO loci.graphs (graph_key, tenant_key, graph_id, display_name, revision, create_incarnation, state_incarnation,
    incarnation)
OVERRIDING SYSTEM VALUE
SELECT n, CASE WHEN n % 2 = 0 THEN n % 3000 + 1 ELSE 7 END, 'g' || n, '', 5000, 1, 1, 1 FROM generate_series(1, 6000) n;
INSERT INTO loci.graph_keys (graph_key, purpose, version, tenant_key, kek_id, wrapped)
SELECT graph_key, p, 1, tenant_key, 'k', '' FROM loci.graphs, generate_series(1, 3) p;
CREATE TEMP TABLE g AS SELECT graph_key, tenant_key FROM loci.graphs WHERE graph_key <= 20;
INSERT INTO loci.nodes (graph_key, tenant_key, doc_no, length, revision, event_time, create_time, update_time, salience,
    id, type, property_tokens, content)
SELECT graph_key, tenant_key, n, 5, n, now() - n * interval '1 hour', now(), now(), 0.5, 'n' || n,
    CASE WHEN n % 1000 = 0 THEN 'rare' ELSE 'node' END, ARRAY[n % 100], '' FROM g, generate_series(1, 3000) n;
INSERT INTO loci.edges (graph_key, tenant_key, revision, create_time, update_time, weight, id, source, relation, target,
    property_tokens, content)
SELECT graph_key, tenant_key, n, now(), now(), 1, 'e' || n, 'n' || n, 'R', 'n' || (n * 7 % 3000 + 1), ARRAY[n % 100], ''
FROM g, generate_series(1, 3000) n;
INSERT INTO loci.edges (graph_key, tenant_key, revision, create_time, update_time, weight, id, source, relation, target,
    property_tokens, content)
SELECT 7, 7, 1, now(), now(), 1, 'x' || n, 'n' || (n % 2900 + 100), 'S', 'n' || (n * 7 % 2900 + 100), '{}', ''
FROM generate_series(1, 40000) n;
INSERT INTO loci.property_index (graph_key, token, kind, tenant_key, id)
SELECT graph_key, n % 100, k, tenant_key, CASE k WHEN 1 THEN 'n' ELSE 'e' END || n
FROM g, generate_series(1, 3000) n, generate_series(1, 2) k;
INSERT INTO loci.changes (graph_key, revision, ordinal, part, kind, op, incarnation, tenant_key, xid, image_no,
    commit_time, actor, id, type, expire_time, image)
SELECT graph_key, n, 100001, loci.log_part(now()), 1, 1, 1, tenant_key, '1', n, now() - (3000 - n) * interval '1 s', 1,
    'n' || n, 'node', CASE WHEN n % 500 = 5 THEN now() END, '' FROM g, generate_series(1, 3000) n;
INSERT INTO loci.changes (graph_key, revision, ordinal, part, kind, op, incarnation, tenant_key, xid, image_no,
    commit_time, actor, id, type, source, target, weight, image)
SELECT graph_key, 3000 + n, 200001, loci.log_part(now()), 2, 1, 1, tenant_key, '1', n, now() + n * interval '1 ms', 1,
    'e' || n, 'R', 'n' || n, 'n' || (n * 7 % 3000 + 1), 1, '' FROM g, generate_series(1, 2000) n;
INSERT INTO loci.lexical_tail (graph_key, doc_no, tenant_key, length, terms, frequencies)
SELECT graph_key, n, tenant_key, 5, ARRAY[n, n % 10], '{1,1}' FROM g, generate_series(1, 800) n;
INSERT INTO loci.lexical_segments (graph_key, term, first_doc_no, tenant_key, postings)
SELECT graph_key, n, 1000 + n, tenant_key, ARRAY[1 << 20 | 5] FROM g, generate_series(1, 1500) n;
INSERT INTO loci.lexical_dead (graph_key, posted, tenant_key)
SELECT graph_key, 5000 + n, tenant_key FROM g, generate_series(1, 1000) n;
INSERT INTO loci.embedding_models (tenant_key, model, dimension, confirmed)
SELECT n, 'm', 3, true FROM generate_series(1, 3000) n;
INSERT INTO loci.embeddings (graph_key, doc_no, tenant_key, model_key, chunk, embedding)
SELECT graph_key, n, tenant_key, 7, 0, '[1,0,0]'::public.halfvec FROM g, generate_series(1, 1000) n;
INSERT INTO loci.embedding_models (model_key, tenant_key, model, dimension, confirmed) OVERRIDING SYSTEM VALUE
VALUES (4001, 7, 'indexed', 384, true), (4002, 7, 'begun', 384, true);
INSERT INTO loci.vector_indexes (graph_key, model_key, tenant_key, dimension, vectors, ready)
SELECT n, n, 1, 384, 0, true FROM generate_series(1, 3000) n WHERE n <> 7
UNION ALL VALUES (7, 4001, 7, 384, 100000, true), (7, 4002, 7, 384, 0, false);
INSERT INTO loci.embeddings (graph_key, doc_no, tenant_key, model_key, chunk, indexed, embedding)
SELECT 7, n, 7, m, 0, CASE WHEN m = 4001 THEN CASE WHEN n < 100 THEN 0 ELSE 384 END END, v.embedding
FROM generate_series(1, 1000) n, (VALUES (4001), (4002)) models (m),
    LATERAL (SELECT array_agg(sin(n * i))::real[]::public.halfvec AS embedding FROM generate_series(1, 384) i) v;
INSERT INTO loci.jobs (graph_key, kind, subject, tenant_key, run_after)
SELECT graph_key, 1, n, tenant_key, now() + interval '1 hour' FROM g, generate_series(1, 1000) n;
INSERT INTO loci.graph_models (graph_key, tenant_key, model_key, model)
SELECT graph_key, tenant_key, 7, 'm' FROM loci.graphs WHERE graph_key NOT IN (9, 11, 13, 15);
INSERT INTO loci.graph_models (graph_key, tenant_key, model_key, model, last_doc_no, next_key, next_model, former,
    begin_time)
SELECT n, 7, 7, 'm', 3000, CASE WHEN n < 15 THEN 4002 END, CASE WHEN n < 15 THEN 'begun' END,
    CASE WHEN n < 15 THEN '{}' ELSE '{7}'::integer[] END, '2026-01-01' FROM unnest(ARRAY[11, 13, 15]) n;
INSERT INTO loci.jobs (graph_key, kind, subject, tenant_key)
SELECT graph_key, k, 1, tenant_key FROM loci.graphs, unnest(ARRAY[5, 6]) k
WHERE graph_key NOT IN (11, 13) AND (k = 5 OR graph_key <= 20);
INSERT INTO loci.idempotency (graph_key, tenant_key, request_hash, fingerprint, revision, commit_time, answer)
SELECT graph_key, tenant_key, decode(md5(n::text), 'hex'), '', 1, now(), '' FROM g, generate_series(1, 1000) n;
INSERT INTO loci.imports (graph_key, import_id, tenant_key, options)
SELECT graph_key, 'i' || n, tenant_key, '' FROM g, generate_series(1, 500) n;
INSERT INTO loci.import_chunks (graph_key, import_id, sequence, tenant_key, fingerprint, result)
SELECT graph_key, 'i' || n, 1, tenant_key, '', '' FROM g, generate_series(1, 500) n;
INSERT INTO loci.node_uses (graph_key, tenant_key, id, uses, importance, salience)
SELECT graph_key, tenant_key, 'n' || n, n, 0.5, 0.6 FROM g, generate_series(1, 2000) n;
INSERT INTO loci.recalculations (graph_key, tenant_key, time, node_count)
SELECT graph_key, tenant_key, '2030-01-01', 3000 FROM loci.graphs;
INSERT INTO loci.queries (graph_key, query_id, tenant_key, time, actor, content)
SELECT graph_key, md5(n::text)::uuid, tenant_key, now() - n * interval '1 min', 1, ''
FROM g, generate_series(1, 3000) n;
INSERT INTO loci.feedback (graph_key, feedback_id, tenant_key, time, actor, kind, profile, node)
SELECT graph_key, md5(n::text)::uuid, tenant_key, now() - n * interval '1 min', 1, n % 3 + 1, n % 3, 'n' || n % 500
FROM g, generate_series(1, 3000) n;
INSERT INTO loci.key_rotations (tenant_key, graph_key, state, end_time, run_after)
SELECT tenant_key, graph_key, CASE graph_key WHEN 11 THEN 6 WHEN 13 THEN 1 WHEN 15 THEN 2 ELSE 0 END,
    CASE WHEN graph_key > 100 OR graph_key = 7 THEN now() END, '2020-01-01Z'
FROM loci.graphs;
INSERT INTO loci.erasures (erasure_id, tenant_key, tenant_id, graph_key, graph_id, actor, state, end_time, request_hash)
SELECT md5(n::text)::uuid, n % 20 + 1, '', n, '', '', 0, now(), decode(md5(n::text), 'hex') FROM generate_series(1, 3000) n;
INSERT INTO loci.erasures (erasure_id, tenant_key, tenant_id, graph_key, graph_id, actor, state, run_after)
VALUES ('019a7b1c-0000-7000-8000-000000000001', 7, '', 7, '', '', 2, '2020-01-01Z');
INSERT INTO loci.audit (tenant_key, sequence, entry_id, time, actor, status, revision, method, graph_id, tokens, entry,
    mac)
SELECT t, n, n, now() - n * interval '1 s', n % 300, 0, n, 'm', 'g' || n % 300, ARRAY[n], '', ''
FROM generate_series(1, 20) t, generate_series(1, 3000) n;
INSERT INTO loci.audit_names (tenant_key, token, time, sequence)
SELECT tenant_key, t, time, sequence FROM loci.audit, unnest(tokens) t;
INSERT INTO loci.audit_inbox (tenant_key, entry_id, time, actor, status, revision, method, graph_id, tokens, entry)
SELECT t, n, now(), 1, 0, n, 'm', 'g', '{}', '' FROM generate_series(1, 20) t, generate_series(1, 1000) n;
INSERT INTO loci.audit_heads (tenant_key, mac, cut_mac, seal, oldest_time)
SELECT n, '', '', '', now() - n * interval '1 s' FROM generate_series(1, 3000) n;
INSERT INTO loci.identities (tenant_key, actor, kind, subject)
SELECT t, -n, 1, '' FROM generate_series(1, 20) t, generate_series(1, 3000) n;
