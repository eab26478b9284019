-- Each file that was not taken in, with their share among all documents seen.
SELECT
    *,
    count(*) OVER () / (count(*) OVER () + (SELECT count(*) FROM dim_document)) AS share_lost
FROM rejected_document
