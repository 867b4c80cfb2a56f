#include "opencti/context.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "json/writer.h"
#include "observable/validate.h"
#include "opencti/links.h"
#include "opencti/pattern.h"
#include "opencti/queries.h"
#include "opencti/stix_id.h"

namespace socbridge::opencti {
namespace {

constexpr std::size_t kMostValues = 200;
constexpr std::size_t kMostClauses = 800;
constexpr int kPageSize = 500;
constexpr int kMostPages = 20;
constexpr std::string_view kWhat = "asking OpenCTI for context";

struct Wanted {
  Context context;
  Place place;
  bool is_long() const { return context.value.text.size() > kLongestFiltered; }
};

template <typename T>
void add_new(std::vector<T>& into, T one) {
  const bool known =
      std::any_of(into.begin(), into.end(), [&](const T& other) { return other.id == one.id; });
  if (!known && !one.id.empty()) into.push_back(std::move(one));
}

bool same_text(const Value& value, std::string_view a, std::string_view b) {
  // The platform's index folds the case of paths too.
  if (value.type != "url") return iequals(a, b);
  const auto x = observable::parse_url(a);
  const auto y = observable::parse_url(b);
  return (x ? std::string_view(*x) : a) == (y ? std::string_view(*y) : b);
}

bool is_about(const Wanted& wanted, const Observable& observable) {
  const Value& value = wanted.context.value;
  if (value.type == "hash") {
    return std::find(observable.hashes.begin(), observable.hashes.end(), value.text) !=
           observable.hashes.end();
  }
  const auto& spellings = wanted.place.spellings;
  return std::any_of(observable.names.begin(), observable.names.end(), [&](const auto& name) {
    return std::any_of(spellings.begin(), spellings.end(), [&](const std::string& spelling) {
      return same_text(value, spelling, name);
    });
  });
}

// Feeds spell the algorithm of a hash in many ways; its length says which it is.
bool is_path(const Wanted& wanted, const Comparison& comparison) {
  if (wanted.context.value.type == "hash") return comparison.path.starts_with("hashes.");
  const std::string path = comparison.type + ":" + comparison.path;
  const auto& paths = wanted.place.paths;
  return std::find(paths.begin(), paths.end(), path) != paths.end();
}

bool compares(const Wanted& wanted, const Comparison& comparison) {
  const bool positive = !comparison.negated && (comparison.op == "=" || comparison.op == "IN");
  if (!positive || !is_path(wanted, comparison)) return false;
  const auto& spellings = wanted.place.spellings;
  return std::any_of(comparison.values.begin(), comparison.values.end(), [&](const auto& value) {
    return std::any_of(spellings.begin(), spellings.end(), [&](const std::string& spelling) {
      return same_text(wanted.context.value, spelling, value);
    });
  });
}

// The pattern decides: a name is only a name, and the list of values that the platform makes of a
// pattern holds negated ones too (OpenCTI facts 4.3).
bool is_about(const Wanted& wanted, const Indicator& indicator) {
  if (indicator.pattern_type != "stix") return false;
  const auto pattern = parse_pattern(indicator.pattern);
  return pattern.ok() && std::any_of(pattern->comparisons.begin(), pattern->comparisons.end(),
                                     [&](const Comparison& one) { return compares(wanted, one); });
}

void take(Wanted& wanted, const Observable& observable) {
  for (const Indicator& one : observable.indicators) add_new(wanted.context.indicators, one);
  for (const Report& one : observable.reports) add_new(wanted.context.reports, one);
  Observable own = observable;
  own.indicators.clear();
  add_new(wanted.context.observables, std::move(own));
}

void deal(std::vector<Wanted*>& batch, const Observable& observable) {
  for (Wanted* wanted : batch) {
    if (is_about(*wanted, observable)) take(*wanted, observable);
  }
}

std::vector<AnyOf> observable_filters(const std::vector<Wanted*>& batch) {
  std::vector<AnyOf> out;
  for (const Wanted* wanted : batch) {
    if (wanted->place.keys.empty()) continue;
    auto group = std::find_if(out.begin(), out.end(),
                              [&](const AnyOf& one) { return one.keys == wanted->place.keys; });
    if (group == out.end()) {
      out.push_back({wanted->place.keys, {}});
      group = out.end() - 1;
    }
    for (const std::string& text : wanted->place.spellings) group->values.push_back(text);
  }
  return out;
}

// By the exact pattern, and by name: those made of an observable are called after it, and feeds
// often do the same with patterns of several values.
std::vector<AnyOf> indicator_filters(const std::vector<Wanted*>& batch) {
  AnyOf patterns{{"pattern"}, {}};
  AnyOf names{{"name"}, {}};
  for (const Wanted* wanted : batch) {
    for (const std::string& pattern : wanted->place.patterns) {
      if (pattern.size() <= kLongestFiltered) patterns.values.push_back(pattern);
    }
    if (!wanted->place.patterns.empty()) names.values.push_back(wanted->context.value.text);
  }
  std::vector<AnyOf> out;
  if (!patterns.values.empty()) out.push_back(std::move(patterns));
  if (!names.values.empty()) out.push_back(std::move(names));
  return out;
}

struct Half {
  bool wanted = false;
  std::string after;
  void read(json::Value connection) {
    wanted = connection["pageInfo"]["hasNextPage"].boolean().value_or(false);
    after = std::string(connection["pageInfo"]["endCursor"].string().value_or(""));
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

class Finder {
 public:
  Finder(Client& client, const Deadline& deadline) : client_(client), deadline_(deadline) {}

  std::vector<std::string> notes;

  Status batch(std::vector<Wanted*> wanted) {
    const auto observables = observable_filters(wanted);
    const auto indicators = indicator_filters(wanted);
    Half left{!observables.empty(), {}};
    Half right{!indicators.empty(), {}};
    for (int page = 0; left.wanted || right.wanted; ++page) {
      if (page == kMostPages) {
        notes.emplace_back("OpenCTI knows more of these values than is read: give fewer at once");
        break;
      }
      auto answer = client_.post(
          kWhat, queries::text("context"),
          variables(filter_group(observables), filter_group(indicators), left, right), deadline_);
      if (!answer.ok()) return answer.status();
      const bool too_many = std::any_of(
          answer->errors.begin(), answer->errors.end(),
          [](const GraphqlError& error) { return classify(error) == ErrorKind::too_many; });
      if (too_many && wanted.size() > 1) return halves(std::move(wanted));
      if (const Status bad = errors_status(kWhat, *answer); !bad.ok()) return bad;
      take_page(wanted, answer->data(), left, right);
    }
    return {};
  }

  Status long_ones(const std::vector<Wanted*>& wanted) {
    for (std::size_t i = 0; i < wanted.size(); i += 2) {
      Wanted* a = wanted[i];
      Wanted* b = wanted[std::min(i + 1, wanted.size() - 1)];
      json::Writer w;
      w.begin_object();
      w.member("observableA", a->place.observable_id);
      w.member("observableB", b->place.observable_id);
      w.member("indicatorA", indicator_of(*a));
      w.member("indicatorB", indicator_of(*b));
      w.end_object();
      const auto answer = client_.query(kWhat, queries::text("context-by-id"), w.text(), deadline_);
      if (!answer.ok()) return answer.status();
      const json::Value data = answer->root()["data"];
      take_found(*a, data["observableA"], data["indicatorA"]);
      if (b != a) take_found(*b, data["observableB"], data["indicatorB"]);
    }
    return {};
  }

 private:
  static std::string indicator_of(const Wanted& wanted) {
    return wanted.place.patterns.empty() ? std::string("indicator--none")
                                         : indicator_id(wanted.place.patterns.front());
  }

  static void take_found(Wanted& wanted, json::Value observable, json::Value indicator) {
    if (observable.is_object()) take(wanted, read_observable(observable));
    if (indicator.is_object()) add_new(wanted.context.indicators, read_indicator(indicator));
  }

  Status halves(std::vector<Wanted*> wanted) {
    const auto middle = wanted.begin() + static_cast<std::ptrdiff_t>(wanted.size() / 2);
    if (const Status first = batch({wanted.begin(), middle}); !first.ok()) return first;
    return batch({middle, wanted.end()});
  }

  static void take_page(std::vector<Wanted*>& wanted, json::Value data, Half& left, Half& right) {
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
        const Indicator indicator = read_indicator(edges.at(i)["node"]);
        for (Wanted* one : wanted) {
          if (is_about(*one, indicator)) add_new(one->context.indicators, indicator);
        }
      }
      right.read(data["indicators"]);
    }
  }

  Client& client_;
  Deadline deadline_;
};

Status look_up(Finder& finder, std::vector<Wanted>& wanted) {
  std::vector<Wanted*> batch;
  std::vector<Wanted*> by_id;
  std::size_t clauses = 0;
  for (Wanted& one : wanted) {
    if (one.is_long()) {
      if (!one.place.observable_id.empty()) by_id.push_back(&one);
      continue;
    }
    const std::size_t own = one.place.keys.size() * one.place.spellings.size();
    if (batch.size() == kMostValues || clauses + own > kMostClauses) {
      if (const Status done = finder.batch(std::move(batch)); !done.ok()) return done;
      batch = {};
      clauses = 0;
    }
    batch.push_back(&one);
    clauses += own;
  }
  if (!batch.empty()) {
    if (const Status done = finder.batch(std::move(batch)); !done.ok()) return done;
  }
  return finder.long_ones(by_id);
}

}  // namespace

std::string filter_group(const std::vector<AnyOf>& filters) {
  json::Writer w;
  w.begin_object();
  w.member("mode", "or");
  w.key("filters");
  w.begin_array();
  for (const AnyOf& one : filters) {
    w.begin_object();
    w.key("key");
    w.begin_array();
    for (const std::string& key : one.keys) w.value(key);
    w.end_array();
    w.key("values");
    w.begin_array();
    for (const std::string& value : one.values) w.value(value);
    w.end_array();
    w.member("operator", "eq");
    w.member("mode", "or");
    w.end_object();
  }
  w.end_array();
  w.key("filterGroups");
  w.begin_array();
  w.end_array();
  w.end_object();
  return std::move(w).take();
}

Result<Contexts> find_context(Client& client, const std::vector<Value>& values,
                              const ContextOptions& options, const Deadline& deadline) {
  std::vector<Wanted> wanted;
  wanted.reserve(values.size());
  for (const Value& value : values) {
    wanted.push_back({{value, {}, {}, {}, {}}, place_of(value)});
  }
  Finder finder(client, deadline);
  if (const Status looked = look_up(finder, wanted); !looked.ok()) return looked;
  Contexts out;
  out.notes = std::move(finder.notes);
  for (Wanted& one : wanted) {
    for (const Indicator& indicator : one.context.indicators) {
      for (const Report& report : indicator.reports) add_new(one.context.reports, report);
    }
    out.contexts.push_back(std::move(one.context));
  }
  if (options.depth > 0) {
    const Status linked = add_links(client, out, options.depth, deadline);
    if (!linked.ok()) return linked;
  }
  return out;
}

}  // namespace socbridge::opencti
