// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "delivery/reduced_payload.h"
#include "grouping/grouped_alert.h"
#include "http/client.h"
#include "integration/settings.h"
#include "thehive/requests.h"
#include "wazuh/alert.h"

namespace socbridge::delivery {

// Result of one try to deliver one alert.
struct Attempt {
  bool filtered = false;       // the mapping does not forward it
  bool bad_input = false;      // not an alert; message says why
  bool tried = false;          // a request for it left, or could not be made to
  thehive::Delivery delivery;  // if neither filtered nor bad input
  std::string source_ref;
  Parts left_out;                // what was, or is to be, left out of the alert
  bool last_word = false;        // refused, and there is nothing more to leave out
  bool looked_up = false;        // found by its reference instead of sent
  UnixMillis not_before_ms = 0;  // not tried: somebody else's request is under way until about then
  // Not delivered, although TheHive takes the key at the same time: it is this alert that is
  // refused, which says nothing about others.
  bool alone = false;
  Parts could_leave_out;  // blocked: of the last try before it is given up
  // Not empty: something about the settings that a person should know, one line.
  std::string remark;
};

// One alert on its way to TheHive as a row of requests, without performing any: mapping, the
// question for the server's version, the look-up after an end that left things open, the create
// request, and one or two more with parts left out if it is refused. "Already there" is believed
// when the look-up has found it. When the key is refused, or something before TheHive answers, the
// key is asked whose it is: only then is it known whether the alert or everybody is refused. A
// shared alert (group, summary) is always looked up first and brought up to date if it is there. An
// answer that does not fit the configured version has the server asked which it is. Whoever
// performs the requests (one after the other, or many at once) hands back what came:
//   Job job(raw, settings, parts, version);
//   while (!job.finished()) job.answered(http.perform(job.request(timeout_ms)));
// Pure but for the clock (an alert without a time takes the present). integration::Settings must
// outlive it.
class Job {
 public:
  // `left_out`: from earlier tries. `version`: what the server was seen to be; it wins over a
  // configured one.
  Job(std::string_view raw_alert, const integration::Settings& settings, Parts left_out = {},
      std::optional<thehive::ApiVersion> version = {}, const grouping::SharedAlerts& shared = {});
  Job(const wazuh::Alert& alert, const integration::Settings& settings, Parts left_out = {},
      std::optional<thehive::ApiVersion> version = {}, const grouping::SharedAlerts& shared = {});

  bool finished() const { return step_ == Step::finished; }
  // `type;source;sourceRef`: of all requests with one key at most one may be under way. Empty if
  // the alert is filtered or no alert.
  const std::string& key() const { return key_; }
  // An earlier request may have been acted on: ask for the alert before sending it.
  void ask_first();

  // Unless finished. The same until answered() is called.
  http::Request request(std::int64_t timeout_ms) const;
  // The next request may create the alert.
  bool creates() const { return step_ == Step::create; }
  void answered(http::Outcome outcome);
  // Ends it without a further request: no time, somebody else is at it.
  void give_up(std::string why, UnixMillis not_before_ms = 0);

  const Attempt& attempt() const { return attempt_; }
  // Call when the alert has arrived. False: there is more to tell of it, so it has to go again.
  bool settled() { return !shared_ || shared_->settled(); }
  // What was learned about the server, to be remembered; `doubted`: to be forgotten.
  const std::optional<thehive::Client::VersionInfo>& learned() const { return learned_; }
  bool version_doubted() const { return doubted_; }

 private:
  enum class Step { ask_version, look_up, create, follow_up, ask_key, finished };
  void start(const wazuh::Alert& alert, Parts left_out, std::optional<thehive::ApiVersion> version,
             const grouping::SharedAlerts& shared);
  void version_answered(const http::Outcome& outcome);
  void look_up_answered(const http::Outcome& outcome);
  void found(const json::Value& there);
  void create_answered(const http::Outcome& outcome);
  void created();
  void refused();
  bool ask_about_version(thehive::ApiVersion used);
  void settle_version();
  void ask_about_key();
  void key_answered(const http::Outcome& outcome);
  void key_is_well();
  void key_not_asked(const std::string& why);
  void prepare_create();
  void begin_follow_ups(json::Value there);
  void follow_up_answered(const http::Outcome& outcome);

  const integration::Settings* settings_;
  Step step_ = Step::finished;
  bool ask_ = false;
  bool remembered_ = false;
  bool doubted_ = false;
  std::string key_;
  thehive::Alert alert_;  // as mapped
  std::string servers_words_;
  std::string body_;
  thehive::VersionQuestion question_;
  std::optional<thehive::ApiVersion> version_;
  std::optional<thehive::Client::VersionInfo> learned_;
  Attempt attempt_;
  std::shared_ptr<grouping::GroupedAlert> shared_;
  std::vector<grouping::FollowUp> follow_ups_;  // still to be done, the next one last
  bool claimed_ = false;                        // the server said that the alert is there
  bool version_asked_ = false;                  // although it was configured
};

}  // namespace socbridge::delivery
