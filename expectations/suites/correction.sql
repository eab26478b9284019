-- Each correction with what became of it.
SELECT * FROM correction
