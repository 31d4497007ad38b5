/* Every sheet's two functions, as sheets.def lists them, and the few places sheets lead to. */
#ifndef INNSIKT_ANALYZE_WORKBOOK_SHEETS_H
#define INNSIKT_ANALYZE_WORKBOOK_SHEETS_H

#include "analyze/workbook/page.h"

#define SHEET(id, word, has, write) void write(Page *page, Sheet *sheet);
#include "analyze/workbook/sheets.def"
#undef SHEET

bool robustness_has_data(const Page *page);
bool distribution_has_data(const Page *page);
bool status_has_data(const Page *page);
bool plan_has_data(const Page *page);
bool swot_sheet_has_data(const Page *page);
bool tows_has_data(const Page *page);
bool scenarios_has_data(const Page *page);
bool dilemmas_has_data(const Page *page);
bool internal_has_data(const Page *page);
bool external_has_data(const Page *page);
bool needs_has_data(const Page *page);
bool guidance_has_data(const Page *page);
bool sustainability_has_data(const Page *page);
bool pandemic_has_data(const Page *page);
bool involvement_has_data(const Page *page);
bool rounds_has_data(const Page *page);
bool statements_has_data(const Page *page);

/* The row of Funn that holds a finding, of Utsagn that holds a statement, of Grunnlag a basis. */
int findings_row(int finding);
int statements_row(int statement);
int basis_sheet_row(int basis);

#endif
