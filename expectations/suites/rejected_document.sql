-- Of the files that were not taken in, their share among all documents seen.
SELECT
    row_number,
    count(*) OVER () / (count(*) OVER () + (SELECT count(*) FROM dim_document)) AS share_lost
FROM rejected_document
