// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "delivery/outcome.h"
#include "delivery/reduced_payload.h"
#include "grouping/grouped_alert.h"
#include "http/client.h"
#include "integration/settings.h"
#include "thehive/requests.h"
#include "wazuh/alert.h"

namespace socbridge::delivery {

enum class Filter {
  apply,  // evaluate the filters of the mapping
  passed  // the caller did
};

// What is known before the first request.
struct Known {
  Parts left_out = {};                              // from earlier tries
  std::optional<thehive::ApiVersion> version = {};  // as the server said; before a configured one
  Filter filter = Filter::apply;
  grouping::GroupedAlerts shared = {};
};

// The requests that bring one alert to TheHive, in turn, without performing any: ask for the
// server's version, search after an ambiguous end, create, and create once or twice more with parts
// left out if it is refused. "Already exists" counts once the search has found the alert. When the
// key is refused, or something before TheHive answers, the key is checked: that shows whether this
// alert or every alert is refused. A grouped alert or a summary is always searched first, and
// updated if it exists. An answer that does not fit the configured version makes it ask for the
// version. An alert that is to be promoted is then put into a case, unless it is in one or a person
// closed it. The driver performs the requests:
//   AlertRequests requests(alert, settings, known);
//   while (!requests.finished()) requests.answered(http.perform(requests.next(timeout_ms)));
// Pure but for the clock (an alert without a time gets the current one). Settings must outlive it.
class AlertRequests {
 public:
  AlertRequests(const wazuh::Alert& alert, const integration::Settings& settings, Known known = {});
  // Raw JSON; the outcome is `bad_input` if it is not an alert.
  AlertRequests(std::string_view raw_alert, const integration::Settings& settings,
                Known known = {});

  bool finished() const { return step_ == Step::finished; }
  // `type;source;sourceRef`: at most one request per key may be in flight. Empty if the alert is
  // filtered or no alert.
  const std::string& key() const { return key_; }
  // An earlier create request had no known end: search for the alert before sending it.
  void search_first();

  // Unless finished. The same until answered() is called.
  http::Request next(std::int64_t timeout_ms) const;
  // The next request may create the alert, or put it into a case.
  bool creates() const { return step_ == Step::create || step_ == Step::promote; }
  // The alert is in TheHive, and next is the question for the open case with this key: until it is
  // in a case no other alert of the key may be promoted. Empty: nothing of the kind is next.
  std::string case_key() const;
  void answered(http::Outcome outcome);
  // Ends it without a further request. If none was made, the outcome is `postponed` for `why`.
  void give_up(Outcome::Postponed why, std::string message, UnixMillis not_before_ms = 0);

  // Complete when finished; `left_out` is up to date before.
  const Outcome& outcome() const { return outcome_; }
  // The search has found the alert: no earlier create request is open any more.
  bool found() const { return in_thehive_.found; }
  // When TheHive created the alert that the search has found, by its clock; 0: unknown.
  UnixMillis found_created_ms() const { return in_thehive_.found_created_ms; }
  // A create request has created it.
  bool created() const { return in_thehive_.made; }
  // The last request that creates has no known end.
  bool ambiguous() const { return answer_.ambiguous; }
  // Call when the alert has arrived. False: it has changed meanwhile and must be sent again.
  bool settled() { return !grouped_.alert || grouped_.alert->settled(); }

  // What the answers say about the server's version: to be cached, or to be dropped.
  const std::optional<thehive::Client::VersionInfo>& server_version() const {
    return version_.learned;
  }
  bool version_in_doubt() const { return version_.in_doubt; }

 private:
  enum class Step {
    ask_version,
    search,
    create,
    update,
    find_case,
    promote,
    read_case,
    check_key,
    finished
  };
  struct Version {
    explicit Version(const thehive::Endpoint& endpoint) : question(endpoint) {}
    thehive::VersionQuestion question;
    std::optional<thehive::ApiVersion> used;
    std::optional<thehive::Client::VersionInfo> learned;
    bool from_server = false;  // `used` is what the server said, not the configuration
    bool checked = false;      // asked although it was known
    bool in_doubt = false;
  };
  struct Payload {
    thehive::Alert mapped;
    std::string refusal;  // the server's words, for the description
    std::string body;
  };
  enum class Search {
    none,
    planned,    // of a grouped alert
    ambiguous,  // an earlier create request has no known end
    claimed     // the server said that the alert exists
  };

  struct Promoting {
    bool decided = false;  // the alert needs no case from us
    bool begun = false;    // the alert is in TheHive as it is to be; what is left is its case
    Outcome::Kind then = Outcome::Kind::created;  // what became of the alert itself
    thehive::Delivery alert;                      // the answer that said so
    std::string case_id;                          // to merge it into; empty: a case of its own
    thehive::Delivery refusal;                    // of the case, while the alert is read once more
  };

  // What is known to be in TheHive.
  struct InTheHive {
    bool made = false;   // by a create request of ours
    bool found = false;  // by the search
    UnixMillis found_created_ms = 0;
  };
  struct Grouped {
    std::shared_ptr<grouping::GroupedAlert> alert;
    std::vector<grouping::AlertUpdate> updates;  // open ones, the next one last
    Outcome::Kind after_updates = Outcome::Kind::created;
  };

  void start(const wazuh::Alert& alert, Known known);
  void prepare_create();
  void end(Outcome::Kind kind);
  void version_answered(const http::Outcome& outcome);
  bool check_version(thehive::ApiVersion used);
  void version_checked();
  void search_answered(const http::Outcome& outcome);
  void search_failed(const http::Outcome& outcome, std::string message);
  void claim_not_found();
  void found_alert(const json::Value& there);
  void create_answered(const http::Outcome& outcome);
  void refused();
  void begin_updates(std::vector<grouping::AlertUpdate> updates, Outcome::Kind then);
  void update_answered(const http::Outcome& outcome);
  void update_failed(const http::Outcome& outcome);
  void arrived(Outcome::Kind kind);
  http::Request promote_request(std::int64_t timeout_ms) const;
  std::string promoting_what() const;
  void case_answered(const http::Outcome& outcome);
  void promote_answered(const http::Outcome& outcome);
  void promotion_failed(const http::Outcome& outcome, const std::string& what);
  void reading_failed(const http::Outcome& outcome, const std::string& what);
  void reread_after_refusal(const Result<json::Document>& there, const http::Outcome& outcome);
  void read_case_answered(const http::Outcome& outcome);
  void promotion_blocked();
  void promotion_refused(const std::string& why);
  void promotion_over();
  void key_answered(const http::Outcome& outcome);
  void key_accepted();
  void key_unknown(const std::string& why);

  const integration::Settings* settings_;
  Step step_ = Step::finished;
  std::string key_;
  Version version_;
  Payload payload_;
  Search search_ = Search::none;
  thehive::Delivery answer_;  // the last answer that says something about the alert
  bool answered_ = false;
  Promoting promoting_;
  InTheHive in_thehive_;
  Grouped grouped_;
  Outcome outcome_;
};

}  // namespace socbridge::delivery
