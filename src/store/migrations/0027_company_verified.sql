-- SPDX-License-Identifier: Apache-2.0
-- When a company was verified last: by its number, among the applications of the account.
CREATE INDEX application_company_number ON application_company (account, number);
