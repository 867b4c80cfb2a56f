// SPDX-License-Identifier: Apache-2.0
#include "stream/delivery.h"

#include <algorithm>

#include "json/writer.h"
#include "stream/index/match_network.h"
#include "thehive/json_fields.h"
#include "thehive/observables.h"
#include "thehive/query.h"

namespace socbridge::stream {
namespace {

constexpr std::size_t kIdsPerQuery = 100;

std::string any_of_ids(const std::vector<std::uint64_t>& ids, std::size_t begin, std::size_t end) {
  json::Writer w;
  w.begin_object();
  w.key("_or");
  w.begin_array();
  for (std::size_t i = begin; i < end; ++i) {
    w.begin_object();
    w.member("_id", "~" + std::to_string(ids[i]));
    w.end_object();
  }
  w.end_array();
  w.end_object();
  return std::move(w).take();
}

// TheHive 5 has stages; in version 4 a case is Open or not, an alert imported or not.
bool is_open_case(json::Value v) {
  const std::string stage = v["stage"].text();
  if (!stage.empty()) return stage != "Closed";
  return v["status"].text() == "Open";
}

bool is_open_alert(json::Value v) {
  const std::string stage = v["stage"].text();
  if (!stage.empty()) return stage != "Closed" && stage != "Imported";
  return v["status"].text() != "Imported" && v["caseId"].text().empty();
}

std::string key_text(const thehive::ObservableInfo& one, const StreamMatch& match, bool& network) {
  if (one.data.empty()) {  // an attachment: matched by one of its hashes
    return one.json.find(match.key.value) != std::string::npos ? match.key.text() : std::string();
  }
  const auto key = key_of(one.data_type, one.data);
  if (!key) return {};
  network = network_of(*key).has_value();
  return key->text();
}

}  // namespace

void StreamDelivery::forget() {
  places_.clear();
  said_.clear();
}

Result<std::vector<StreamDelivery::Seen>> StreamDelivery::look_up(const StreamMatch& match,
                                                                  const Deadline& deadline) {
  std::vector<Seen> out;
  std::set<std::string> there;
  for (std::size_t at = 0; at < match.observables.size(); at += kIdsPerQuery) {
    const std::size_t end = std::min(at + kIdsPerQuery, match.observables.size());
    thehive::Query query("listObservable");
    query.where(any_of_ids(match.observables, at, end));
    const Status listed = thehive::for_each(
        client_, {"socctl-stream-observables", query},
        [&](json::Value v) {
          const thehive::ObservableInfo one = thehive::read_observable(v);
          Seen seen{{}, one.id, one.text(), false};
          seen.kind_and_value = key_text(one, match, seen.network);
          // A hash may be equal by chance, or a number may have been reused.
          const bool fits = seen.kind_and_value == match.key.text() || seen.network ||
                            network_of(match.key).has_value();
          if (fits && !seen.kind_and_value.empty() && there.insert(one.id).second) {
            out.push_back(std::move(seen));
          }
          return true;
        },
        deadline);
    if (!listed.ok()) return listed;
  }
  return out;
}

Result<StreamDelivery::Place> StreamDelivery::place_of(const std::string& observable,
                                                       const Deadline& deadline) {
  if (const auto known = places_.find(observable); known != places_.end()) return known->second;
  const auto version = client_.version(deadline);
  if (!version.ok()) return version.status();
  Place place;
  for (const bool in_case : {true, false}) {
    thehive::Query query(thehive::Subject::observable(observable));
    query.to(in_case ? "case" : "alert").page(0, 10);
    const auto answer = client_.query("socctl-stream-place", query.text(), deadline);
    if (!answer.ok()) return answer.status();
    const json::Value list = answer->root();
    for (std::size_t i = 0; i < list.size() && !place.open; ++i) {
      const json::Value one = list.at(i);
      const std::string id = one["_id"].text();
      place.open = in_case ? is_open_case(one) : is_open_alert(one);
      place.subject = in_case ? thehive::Subject::of_case(id) : thehive::Subject::alert(id);
      // Without a level, the strictest interpretation applies.
      place.limits = {marking::tlp_level(one["tlp"].integer().value_or(0), version->at_least(5, 2)),
                      static_cast<int>(one["pap"].integer().value_or(0))};
    }
    if (list.size() > 0) break;
  }
  places_[observable] = place;
  return place;
}

Status StreamDelivery::deliver(const StreamMatch& match, const Notified& notified) {
  const std::string identity = match.indicator + ' ' + match.key.text() + ' ' + match.event.text();
  if (current_ != identity) {
    current_ = identity;
    done_.clear();
  }
  const Deadline deadline = Deadline::after_ms(options_.request_ms);
  const auto observables = look_up(match, deadline);
  if (!observables.ok()) return observables.status();
  if (observables->empty()) ++counts_.closed;
  for (const Seen& observable : *observables) {
    if (done_.contains(observable.id)) continue;
    const auto place = place_of(observable.id, deadline);
    if (!place.ok()) return place.status();
    if (!place->open) {
      ++counts_.closed;
    } else if (const Status s = notify(match, observable, *place, notified, deadline); !s.ok()) {
      return s;
    }
    done_.insert(observable.id);
  }
  current_.clear();
  return {};
}

}  // namespace socbridge::stream
