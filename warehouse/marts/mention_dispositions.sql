SELECT document_id, source_file, disposition, detail, count(*) AS mentions
FROM number_mention
GROUP BY ALL
