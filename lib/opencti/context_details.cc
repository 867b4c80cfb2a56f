// SPDX-License-Identifier: Apache-2.0
#include "opencti/context_details.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"
#include "json/writer.h"
#include "opencti/queries.h"
#include "opencti/value_match.h"

namespace socbridge::opencti {
namespace {

constexpr std::string_view kWhat = "asking OpenCTI for references and reports";
// Two lists for each of 20 objects are 40 searches in about 17 shards each: 680 of 1,000.
constexpr std::size_t kAtOnce = 20;

enum class Things { observables, indicators };

// The places of an object in all contexts that have it.
template <typename T>
using Places = std::map<std::string, std::vector<std::pair<T*, Context*>>>;

std::string variables(const std::vector<std::string>& ids, Things things, Detail detail) {
  json::Writer w;
  w.begin_object();
  w.key("things");
  w.raw(filter_group({{{"ids"}, ids}}));
  w.member("wantObservables", things == Things::observables);
  w.member("wantIndicators", things == Things::indicators);
  w.member("wantReports", detail == Detail::all);
  w.member("first", static_cast<std::uint64_t>(ids.size()));
  w.end_object();
  return std::move(w).take();
}

class Details {
 public:
  Details(Client& client, Halving& halving, Contexts& contexts, Detail detail)
      : client_(client), halving_(halving), contexts_(contexts), detail_(detail) {}

  template <typename T>
  Status add(Places<T>& places, Things things) {
    std::vector<std::string> ids;
    for (const auto& [id, where] : places) ids.push_back(id);
    const auto ask = [&](std::size_t from, std::size_t to, const Deadline& deadline,
                         Operation operation) {
      const std::vector<std::string> some(ids.begin() + static_cast<std::ptrdiff_t>(from),
                                          ids.begin() + static_cast<std::ptrdiff_t>(to));
      const auto answer = client_.post(kWhat, queries::text("details"),
                                       variables(some, things, detail_), deadline, operation);
      Attempt attempt = attempt_of(kWhat, answer, deadline);
      if (!attempt.status.ok()) return attempt;
      const json::Value edges =
          answer->data()[things == Things::observables ? "stixCyberObservables" : "indicators"]
                        ["edges"];
      for (std::size_t i = 0; i < edges.size(); ++i) take(places, edges.at(i)["node"]);
      return attempt;
    };
    return halving_.run(ids.size(), kAtOnce, ask, [&](std::size_t at, const Status& why) {
      note(places[ids[at]].front().second->value,
           "its references and reports could not be read: " + why.message());
    });
  }

 private:
  template <typename T>
  void take(Places<T>& places, json::Value node) {
    const auto found = places.find(node["id"].string_text());
    if (found == places.end()) return;
    const auto references = read_references(node["externalReferences"]);
    const auto reports = read_reports(node["reports"]);
    for (auto& [thing, context] : found->second) {
      thing->references = references;
      thing->reports = reports;
      for (const Report& report : reports) add_new(context->reports, report);
    }
    const Value& value = found->second.front().second->value;
    const auto more = [&](const char* name) {
      return node[name]["pageInfo"]["hasNextPage"].boolean().value_or(false);
    };
    if (more("externalReferences")) note(value, "more than 20 references are known");
    if (more("reports")) note(value, "more than 10 reports are known");
  }

  void note(const Value& value, const std::string& text) {
    std::string line = printable(value.text, 80) + ": " + text;
    auto& notes = contexts_.notes;
    if (std::find(notes.begin(), notes.end(), line) == notes.end()) {
      notes.push_back(std::move(line));
    }
  }

  Client& client_;
  Halving& halving_;
  Contexts& contexts_;
  Detail detail_;
};

}  // namespace

Status add_details(Client& client, Halving& halving, Contexts& contexts, Detail detail) {
  if (detail == Detail::none) return {};
  Places<Observable> observables;
  Places<Indicator> indicators;
  for (Context& context : contexts.contexts) {
    for (Observable& one : context.observables) observables[one.id].emplace_back(&one, &context);
    for (Indicator& one : context.indicators) indicators[one.id].emplace_back(&one, &context);
  }
  Details details(client, halving, contexts, detail);
  if (detail == Detail::all) {
    if (const Status done = details.add(observables, Things::observables); !done.ok()) return done;
  }
  return details.add(indicators, Things::indicators);
}

}  // namespace socbridge::opencti
