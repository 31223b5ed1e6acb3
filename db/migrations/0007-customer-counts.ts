/** Each customer's change has the nav count own and invalid ones, so both are counted in an index. Never edited once released. */
export const customerCounts = {
  name: '0007-customer-counts',
  sql: `
DROP INDEX customer_owner;
CREATE INDEX customer_owner ON customer (owner_id, invalid_at);
CREATE INDEX customer_invalid ON customer (invalid_by, invalid_at) WHERE invalid_at IS NOT NULL;
`,
};
