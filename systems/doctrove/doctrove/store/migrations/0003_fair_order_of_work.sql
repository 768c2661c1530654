-- Documents come in the order of their source, often by subject. Taken in the order of a hash, those embedded first are a
-- fair sample of all that wait, and so is the first map, which is drawn from the first few hundred.
drop index enrichment_to_embed;
create index enrichment_to_embed on enrichment (hashint8(paper_id)) where embedded_by is null;
