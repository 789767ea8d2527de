-- Background work. Statements in the role `worker` see the jobs of all tenants, and nothing else of theirs.

-- name: claim
-- Takes due jobs of one kind, of the next graphs that have any: for the time of the lease nobody else will. It walks
-- from graph to graph, not from job to job.
WITH RECURSIVE turn AS (
    SELECT $5::bigint AS graph_key, 0 AS found
    UNION ALL
    SELECT next.graph_key, t.found + next.due::integer
    FROM turn t
    CROSS JOIN LATERAL (
        SELECT j.graph_key, EXISTS (SELECT FROM loci.jobs d WHERE d.kind = $1 AND d.graph_key = j.graph_key
                                    AND d.run_after <= now()) AS due
        FROM loci.jobs j WHERE j.kind = $1 AND j.graph_key > t.graph_key ORDER BY j.kind, j.graph_key LIMIT 1) next
    WHERE t.found < $3::integer
), due AS MATERIALIZED (
    SELECT d.* FROM turn t
    CROSS JOIN LATERAL (
        SELECT j.graph_key, j.kind, j.subject FROM loci.jobs j
        WHERE j.kind = $1 AND j.graph_key = t.graph_key AND j.run_after <= now()
        ORDER BY j.run_after LIMIT $4 FOR UPDATE SKIP LOCKED) d
    WHERE t.found > 0
)
UPDATE loci.jobs j SET run_after = now() + $2 * interval '1 second', attempts = j.attempts + 1
FROM due WHERE j.graph_key = due.graph_key AND j.kind = due.kind AND j.subject = due.subject
RETURNING j.tenant_key, j.graph_key, j.subject, j.attempts

-- name: finish
-- Removes jobs that are done.
DELETE FROM loci.jobs WHERE tenant_key = $1 AND graph_key = $2 AND kind = $3 AND subject = ANY ($4)

-- name: postpone
-- Puts jobs off after a failure.
UPDATE loci.jobs SET run_after = now() + $5 * interval '1 second'
WHERE tenant_key = $1 AND graph_key = $2 AND kind = $3 AND subject = ANY ($4)

-- name: put_off_deleted
-- Puts jobs of a deleted graph off; of one that is back by now they are due. The graph must be held.
UPDATE loci.jobs j
SET run_after = CASE WHEN g.delete_time IS NULL THEN now() ELSE now() + $5 * interval '1 second' END
FROM loci.graphs g
WHERE g.tenant_key = $1 AND g.graph_key = $2
  AND j.tenant_key = $1 AND j.graph_key = $2 AND j.kind = $3 AND j.subject = ANY ($4)

-- name: backlog
-- How much work there is, by kind. What has yet to expire is none.
SELECT kind, count(*) FILTER (WHERE kind <> 4 OR run_after <= now()) AS jobs FROM loci.jobs GROUP BY kind

-- name: graph_by_key
-- The id of a live graph.
SELECT graph_id FROM loci.graphs WHERE tenant_key = $1 AND graph_key = $2 AND delete_time IS NULL

-- name: store_vectors
-- Vectors of documents that are still there, whose jobs are done.
SELECT loci.store_vectors($1, $2, $3, $4::loci.vector_row[], $5)

-- name: index_vectors
-- A step of indexing the vectors of a large graph.
SELECT loci.index_vectors($1, $2, $3, $4, $5) AS more

-- name: finish_claimed
-- Removes a job that is done, unless a commit has made it due again.
DELETE FROM loci.jobs
WHERE tenant_key = $1 AND graph_key = $2 AND kind = $3 AND subject = $4 AND run_after > now()

-- name: await_expiry
-- Puts the job that removes what has expired off to when the next node expires.
SELECT loci.await_expiry($1, $2)

-- name: hold_graph
-- Keeps commits to a graph waiting, so that the documents that are there stay for the rest of the transaction.
SELECT FROM loci.graphs WHERE tenant_key = $1 AND graph_key = $2 FOR SHARE

-- name: merge_tail
-- Moves documents of the lexical tail into segments.
SELECT loci.merge_lexical_tail($1, $2, $3) AS merged

-- name: lexical_burden
-- Documents that are to be taken out of the segments.
SELECT loci.lexical_burden($1, $2, $3, $4) AS dead

-- name: purge_dead
-- A step of taking documents out of the segments: the last term that it looked at.
SELECT loci.purge_lexical_dead($1, $2, $3, $4, $5) AS last

-- name: purge_answers
-- Answers that are past their time.
WITH gone AS (
    DELETE FROM loci.idempotency WHERE ctid IN (
        SELECT ctid FROM loci.idempotency WHERE commit_time < now() - interval '24 hours' LIMIT $1) RETURNING 1)
SELECT count(*) AS removed FROM gone

-- name: purge_imports
-- Imports that nobody will resume.
WITH gone AS (
    DELETE FROM loci.imports WHERE ctid IN (
        SELECT ctid FROM loci.imports WHERE update_time < now() - interval '7 days' LIMIT $1) RETURNING 1)
SELECT count(*) AS removed FROM gone
