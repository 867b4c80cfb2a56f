#include "incident_view.h"

#include "json/writer.h"

namespace socbridge::socctl {
namespace {

std::string with_observables(const std::string& object,
                             const std::vector<thehive::ObservableInfo>& observables) {
  const auto document = json::Document::parse(object);
  json::Writer w;
  w.begin_object();
  if (document.ok()) {
    for (std::size_t i = 0; i < document->root().size(); ++i) {
      w.member(document->root().key_at(i), document->root().value_at(i));
    }
  }
  w.key("observables");
  w.begin_array();
  for (const thehive::ObservableInfo& one : observables) w.raw(one.json);
  w.end_array();
  w.end_object();
  return std::move(w).take();
}

std::string marks(const thehive::ObservableInfo& one) {
  std::string out = one.ioc ? "ioc" : "";
  if (one.sighted) out += out.empty() ? "sighted" : ",sighted";
  return out;
}

}  // namespace

void print_incident(const Facts& facts, const std::string& json,
                    const std::vector<thehive::ObservableInfo>& observables, bool five_levels,
                    term::Format format, Context& context) {
  term::Records rows(format, context.out,
                     {"TYPE", "VALUE", "TLP", "MARKS", "REPORTS", "OBSERVABLE"}, write_out);
  const bool for_people = rows.format() == term::Format::table;
  if (!for_people && rows.format() != term::Format::plain) {
    rows.add({}, with_observables(json, observables));
    rows.finish();
    return;
  }
  print_facts(facts, rows.format(), context.out);
  if (for_people) write_out("\n");
  for (const thehive::ObservableInfo& one : observables) {
    std::vector<term::Cell> cells = {
        {one.data_type}, {one.text(), term::Style::bold}, tlp_cell(one.tlp, five_levels),
        {marks(one)},    taxonomy_cell(one.taxonomies),   {one.id, term::Style::dim}};
    if (!for_people) cells.insert(cells.begin(), {"observable"});
    rows.add(std::move(cells), {});
  }
  rows.finish("No observables.");
}

}  // namespace socbridge::socctl
