-- Every file that was seen: those rejected with their reason, and after them those that were read.
SELECT row_number, source_file, reason AS outcome FROM rejected_document
UNION ALL BY NAME
SELECT NULL AS row_number, source_file, 'read' AS outcome FROM dim_document
