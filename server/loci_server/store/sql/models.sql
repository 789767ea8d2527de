-- Embedding models.

-- name: find_model
-- The model whose dimension is confirmed by a vector.
SELECT model_key, dimension FROM loci.embedding_models WHERE tenant_key = $1 AND model = $2 AND confirmed

-- name: register_model
-- A number for a model and a dimension that no vector has confirmed yet.
INSERT INTO loci.embedding_models AS m (tenant_key, model, dimension) VALUES ($1, $2, $3)
ON CONFLICT (tenant_key, model, dimension) DO UPDATE SET model = m.model RETURNING model_key
