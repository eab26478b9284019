-- Each file that was not taken in, with their share among all files seen; copies of a file taken in don't count.
SELECT
    *,
    count(*) FILTER (reason <> 'duplicate') OVER ()
        / (count(*) OVER () + (SELECT count(*) FROM dim_document)) AS share_lost
FROM rejected_document
