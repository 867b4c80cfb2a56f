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
  Parts left_out = {};  // from earlier attempts
  std::optional<thehive::ApiVersion> version =
      {};  // of the server; used instead of a configured one
  Filter filter = Filter::apply;
  grouping::GroupedAlerts shared = {};
};

// The sequence of requests that bring one alert to TheHive, without performing them: query the
// server's version, search after an ambiguous result, create, and create once or twice more with
// parts left out if it is refused. "Already exists" counts only if the search finds the alert. If
// the key is refused, or a proxy answers instead of TheHive, the key is checked: this shows whether
// one alert or every alert is refused. A grouped alert or a summary is always searched first, and
// updated if it exists. If an answer does not fit the configured version, the version is queried.
// An alert to be promoted is then put into a case, unless it is in one or a person closed it. The
// caller performs the requests:
//   AlertRequests requests(alert, settings, known);
//   while (!requests.finished()) requests.answered(http.perform(requests.next(timeout_ms)));
// Pure except for the clock (an alert without a time gets the current one). Settings must outlive
// it.
class AlertRequests {
 public:
  AlertRequests(const wazuh::Alert& alert, const integration::Settings& settings, Known known = {});
  // Raw JSON; the outcome is `bad_input` if it is not an alert.
  AlertRequests(std::string_view raw_alert, const integration::Settings& settings,
                Known known = {});

  bool finished() const { return step_ == Step::finished; }
  // `type;source;sourceRef`: only one request per key may be in flight. Empty if the alert is
  // filtered or not an alert.
  const std::string& key() const { return key_; }
  // An earlier create request had no known result: search for the alert before sending it.
  void search_first();

  // The next request, unless finished. The same until answered() is called.
  http::Request next(std::int64_t timeout_ms) const;
  // Whether the next request may create the alert, or put it into a case.
  bool creates() const { return step_ == Step::create || step_ == Step::promote; }
  // The alert is in TheHive, and the next request searches for the open case with this key: until
  // the alert is in a case no other alert of the key may be promoted. Empty: the next request is
  // another one.
  std::string case_key() const;
  void answered(http::Outcome outcome);
  // Ends without a further request. If none was sent, the outcome is `postponed` for `why`.
  void give_up(Outcome::Postponed why, std::string message, UnixMillis not_before_ms = 0);

  // Complete when finished; `left_out` is current before that.
  const Outcome& outcome() const { return outcome_; }
  // The search has found the alert: no earlier create request is pending.
  bool found() const { return in_thehive_.found; }
  // Creation time of the alert that the search has found, by TheHive's clock; 0: unknown.
  UnixMillis found_created_ms() const { return in_thehive_.found_created_ms; }
  // A create request of this sequence has created the alert.
  bool created() const { return in_thehive_.made; }
  // The last creating request has no known result.
  bool ambiguous() const { return answer_.ambiguous; }
  // Call when the alert has arrived. False: it has changed meanwhile and must be sent again.
  bool settled() { return !grouped_.alert || grouped_.alert->settled(); }

  // The server's version as learned from answers, to be cached. See also version_in_doubt().
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
    bool from_server = false;  // `used` comes from the server, not from the configuration
    bool checked = false;      // queried although it was known
    bool in_doubt = false;
  };
  struct Payload {
    thehive::Alert mapped;
    std::string refusal;  // the server's text, for the description
    std::string body;
  };
  enum class Search {
    none,
    planned,    // of a grouped alert
    ambiguous,  // an earlier create request has no known result
    claimed     // the server reported that the alert exists
  };

  struct Promoting {
    bool decided = false;  // the alert needs no case from this program
    bool begun = false;    // the alert itself is complete in TheHive; only its case is missing
    Outcome::Kind then = Outcome::Kind::created;  // result of the alert itself
    thehive::Delivery alert;                      // the answer with that result
    std::string case_id;                          // to merge it into; empty: a case of its own
    thehive::Delivery refusal;                    // of the case, while the alert is read again
  };

  // What is known to be in TheHive.
  struct InTheHive {
    bool made = false;   // by a create request of ours
    bool found = false;  // by the search
    UnixMillis found_created_ms = 0;
  };
  struct Grouped {
    std::shared_ptr<grouping::GroupedAlert> alert;
    std::vector<grouping::AlertUpdate> updates;  // pending ones, the next one last
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
  thehive::Delivery answer_;  // the last answer about the alert
  bool answered_ = false;
  Promoting promoting_;
  InTheHive in_thehive_;
  Grouped grouped_;
  Outcome outcome_;
};

}  // namespace socbridge::delivery
