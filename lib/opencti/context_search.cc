// SPDX-License-Identifier: Apache-2.0
#include "opencti/context_search.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "json/writer.h"
#include "opencti/queries.h"
#include "opencti/stix/stix_id.h"

namespace socbridge::opencti {
namespace {

constexpr std::size_t kMostValues = 200;
// Per filter, values times keys: the search engine accepts about 1,024.
constexpr std::size_t kMostClauses = 800;
constexpr int kPageSize = 500;
constexpr int kMostPages = 20;
constexpr std::string_view kWhat = "asking OpenCTI for context";

void deal(const std::vector<Wanted*>& batch, const Observable& observable) {
  for (Wanted* wanted : batch) {
    if (is_about(*wanted, observable)) add_new(wanted->context.observables, observable);
  }
}

void deal(const std::vector<Wanted*>& batch, const Indicator& indicator) {
  for (Wanted* wanted : batch) {
    if (is_about(*wanted, indicator)) add_new(wanted->context.indicators, indicator);
  }
}

// Adds each text once: addresses share the networks around them.
void add_text(std::vector<std::string>& into, std::set<std::string>& there, std::string text) {
  if (there.insert(text).second) into.push_back(std::move(text));
}

std::vector<AnyOf> observable_filters(const std::vector<Wanted*>& batch) {
  std::vector<AnyOf> out;
  std::vector<std::set<std::string>> there;
  for (const Wanted* wanted : batch) {
    if (wanted->lookup.keys.empty()) continue;
    auto group = std::find_if(out.begin(), out.end(),
                              [&](const AnyOf& one) { return one.keys == wanted->lookup.keys; });
    if (group == out.end()) {
      out.push_back({wanted->lookup.keys, {}});
      there.emplace_back();
      group = out.end() - 1;
    }
    auto& seen = there[static_cast<std::size_t>(group - out.begin())];
    for (const auto* texts : {&wanted->lookup.spellings, &wanted->lookup.networks}) {
      for (const std::string& text : *texts) add_text(group->values, seen, text);
    }
  }
  return out;
}

// By the exact pattern, and by name: indicators made from an observable have its value as name, and
// feeds often name patterns with several values after one of them.
std::vector<AnyOf> indicator_filters(const std::vector<Wanted*>& batch) {
  AnyOf patterns{{"pattern"}, {}};
  AnyOf names{{"name"}, {}};
  std::set<std::string> there;
  for (const Wanted* wanted : batch) {
    for (const std::string& pattern : wanted->lookup.patterns) {
      if (pattern.size() <= kLongestFiltered) add_text(patterns.values, there, pattern);
    }
    for (std::string& pattern : network_patterns(wanted->lookup)) {
      add_text(patterns.values, there, std::move(pattern));
    }
    if (!wanted->lookup.patterns.empty()) names.values.push_back(wanted->context.value.text);
  }
  std::vector<AnyOf> out;
  if (!patterns.values.empty()) out.push_back(std::move(patterns));
  if (!names.values.empty()) out.push_back(std::move(names));
  return out;
}

// Clauses of a batch: those of the larger of its two filters.
class Clauses {
 public:
  // Whether the value still fits; an empty batch accepts any.
  bool take(const Wanted& wanted) {
    const LookupKeys& lookup = wanted.lookup;
    std::size_t networks = 0;
    for (const std::string& one : lookup.networks) networks += networks_.contains(one) ? 0U : 1U;
    const std::size_t observables = lookup.keys.size() * (lookup.spellings.size() + networks);
    const std::size_t indicators = lookup.patterns.size() + 2 * networks + 1;
    const bool fits = values_ < kMostValues && observables_ + observables <= kMostClauses &&
                      indicators_ + indicators <= kMostClauses;
    if (!fits && values_ > 0) return false;
    observables_ += observables;
    indicators_ += indicators;
    ++values_;
    networks_.insert(lookup.networks.begin(), lookup.networks.end());
    return true;
  }

 private:
  std::size_t values_ = 0, observables_ = 0, indicators_ = 0;
  std::set<std::string> networks_;
};

struct Half {
  bool wanted = false;
  std::string after;
  void read(json::Value connection) {
    wanted = connection["pageInfo"]["hasNextPage"].boolean().value_or(false);
    after = connection["pageInfo"]["endCursor"].string_text();
    if (after.empty()) wanted = false;
  }
};

std::string variables(const std::string& observables, const std::string& indicators,
                      const Half& left, const Half& right) {
  json::Writer w;
  w.begin_object();
  w.key("observables");
  w.raw(observables);
  w.key("indicators");
  w.raw(indicators);
  w.member("wantObservables", left.wanted);
  w.member("wantIndicators", right.wanted);
  if (!left.after.empty()) w.member("afterObservables", left.after);
  if (!right.after.empty()) w.member("afterIndicators", right.after);
  w.member("first", kPageSize);
  w.end_object();
  return std::move(w).take();
}

void take_page(const std::vector<Wanted*>& wanted, json::Value data, Half& left, Half& right) {
  if (left.wanted) {
    const json::Value edges = data["stixCyberObservables"]["edges"];
    for (std::size_t i = 0; i < edges.size(); ++i) {
      deal(wanted, read_observable(edges.at(i)["node"]));
    }
    left.read(data["stixCyberObservables"]);
  }
  if (right.wanted) {
    const json::Value edges = data["indicators"]["edges"];
    for (std::size_t i = 0; i < edges.size(); ++i) {
      deal(wanted, read_indicator(edges.at(i)["node"]));
    }
    right.read(data["indicators"]);
  }
}

std::string indicator_of(const Wanted& wanted) {
  return wanted.lookup.patterns.empty() ? std::string("indicator--none")
                                        : indicator_id(wanted.lookup.patterns.front());
}

void take_found(Wanted& wanted, json::Value observable, json::Value indicator) {
  if (observable.is_object()) add_new(wanted.context.observables, read_observable(observable));
  if (indicator.is_object()) add_new(wanted.context.indicators, read_indicator(indicator));
}

std::string page_variables(const std::vector<std::string>& ids, const Half& page) {
  json::Writer w;
  w.begin_object();
  w.key("ids");
  w.begin_array();
  for (const std::string& id : ids) w.value(id);
  w.end_array();
  w.member("first", kPageSize);
  if (!page.after.empty()) w.member("after", page.after);
  w.end_object();
  return std::move(w).take();
}

}  // namespace

Attempt ContextSearch::batch(const std::vector<Wanted*>& wanted, const Deadline& deadline,
                             Operation operation) {
  const auto observables = observable_filters(wanted);
  const auto indicators = indicator_filters(wanted);
  Half left{!observables.empty(), {}};
  Half right{!indicators.empty(), {}};
  for (int page = 0; left.wanted || right.wanted; ++page) {
    if (page == kMostPages) {
      notes_.emplace_back("OpenCTI has more on these values than was read: give fewer values");
      break;
    }
    const auto answer =
        client_.post(kWhat, queries::text("context"),
                     variables(filter_group(observables), filter_group(indicators), left, right),
                     deadline, operation);
    Attempt attempt = attempt_of(kWhat, answer, deadline);
    if (!attempt.status.ok()) return attempt;
    take_page(wanted, answer->data(), left, right);
  }
  return {};
}

Status ContextSearch::by_filter(const std::vector<Wanted*>& wanted) {
  for (std::size_t begin = 0; begin < wanted.size();) {
    std::size_t end = begin;
    for (Clauses clauses; end < wanted.size() && clauses.take(*wanted[end]); ++end) {
    }
    const std::vector<Wanted*> some(wanted.begin() + static_cast<std::ptrdiff_t>(begin),
                                    wanted.begin() + static_cast<std::ptrdiff_t>(end));
    const Status done = halving_.run(
        some.size(), some.size(),
        [&](std::size_t from, std::size_t to, const Deadline& deadline, Operation operation) {
          return batch({some.begin() + static_cast<std::ptrdiff_t>(from),
                        some.begin() + static_cast<std::ptrdiff_t>(to)},
                       deadline, operation);
        },
        [&](std::size_t at, const Status& why) { some[at]->context.status = why; });
    if (!done.ok()) return done;
    begin = end;
  }
  return {};
}

Attempt ContextSearch::pair(Wanted& a, Wanted& b, const Deadline& deadline, Operation operation) {
  json::Writer w;
  w.begin_object();
  w.member("observableA", a.lookup.observable_id);
  w.member("observableB", b.lookup.observable_id);
  w.member("indicatorA", indicator_of(a));
  w.member("indicatorB", indicator_of(b));
  w.end_object();
  const auto answer =
      client_.post(kWhat, queries::text("context-by-id"), w.text(), deadline, operation);
  Attempt attempt = attempt_of(kWhat, answer, deadline);
  if (!attempt.status.ok()) return attempt;
  const json::Value data = answer->data();
  take_found(a, data["observableA"], data["indicatorA"]);
  if (&b != &a) take_found(b, data["observableB"], data["indicatorB"]);
  return {};
}

Status ContextSearch::by_id(const std::vector<Wanted*>& wanted) {
  return halving_.run(
      wanted.size(), 2,
      [&](std::size_t from, std::size_t to, const Deadline& deadline, Operation operation) {
        return pair(*wanted[from], *wanted[to - 1], deadline, operation);
      },
      [&](std::size_t at, const Status& why) { wanted[at]->context.status = why; });
}

// Reads the indicators that are based on the found observables, whatever their patterns are.
Status ContextSearch::based_on(std::vector<Wanted>& wanted) {
  constexpr std::size_t kIdsAtOnce = 100;
  std::map<std::string, std::vector<Wanted*>> owners;  // by UUID of the observable
  for (Wanted& one : wanted) {
    for (const Observable& observable : one.context.observables) {
      owners[observable.id].push_back(&one);
    }
  }
  std::vector<std::string> ids;
  for (const auto& [id, whose] : owners) ids.push_back(id);
  const auto ask = [&](std::size_t from, std::size_t to, const Deadline& deadline,
                       Operation operation) -> Attempt {
    const std::vector<std::string> some(ids.begin() + static_cast<std::ptrdiff_t>(from),
                                        ids.begin() + static_cast<std::ptrdiff_t>(to));
    Half page{true, {}};
    for (int i = 0; page.wanted; ++i) {
      if (i == kMostPages) {
        notes_.emplace_back("more indicators are based on these values than were read");
        break;
      }
      const auto answer = client_.post(kWhat, queries::text("based-on"), page_variables(some, page),
                                       deadline, operation);
      Attempt attempt = attempt_of(kWhat, answer, deadline);
      if (!attempt.status.ok()) return attempt;
      const json::Value connection = answer->data()["stixCoreRelationships"];
      const json::Value edges = connection["edges"];
      for (std::size_t k = 0; k < edges.size(); ++k) {
        const json::Value node = edges.at(k)["node"];
        const auto whose = owners.find(node["toId"].string_text());
        if (whose == owners.end() || !node["from"].is_object()) continue;
        const Indicator indicator = read_indicator(node["from"]);
        for (Wanted* one : whose->second) add_new(one->context.indicators, indicator);
      }
      page.read(connection);
    }
    return {};
  };
  return halving_.run(ids.size(), kIdsAtOnce, ask, [&](std::size_t at, const Status& why) {
    for (Wanted* one : owners[ids[at]]) one->context.status = why;
  });
}

Status ContextSearch::run(std::vector<Wanted>& wanted) {
  std::vector<Wanted*> short_ones, long_ones;
  for (Wanted& one : wanted) {
    if (!one.is_long()) {
      short_ones.push_back(&one);
    } else if (!one.lookup.observable_id.empty()) {
      long_ones.push_back(&one);
    }
  }
  if (const Status done = by_filter(short_ones); !done.ok()) return done;
  if (const Status done = by_id(long_ones); !done.ok()) return done;
  return based_on(wanted);
}

}  // namespace socbridge::opencti
