// SPDX-License-Identifier: Apache-2.0
#include "grouping/rate_cap.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "grouping/alert_updates.h"
#include "grouping/bucket_counter.h"
#include "json/writer.h"
#include "mapping/bucket.h"
#include "mapping/describe/markdown.h"
#include "mapping/mapping.h"

namespace socbridge::grouping {
namespace {

// integratord may lag: alerts of the window still arrive.
constexpr std::int64_t kGraceMs = 30000;
constexpr std::size_t kShown = 10;
constexpr std::size_t kCell = 300;

// Alerts with different destinations have different buckets: the summary goes to all of them.
mapping::Bucket bucket_for(const mapping::Options& options, const wazuh::Alert& alert,
                           const std::vector<std::string>& destinations) {
  std::vector<std::string> sorted = destinations;
  std::sort(sorted.begin(), sorted.end());
  std::string apart;
  for (const std::string& name : sorted) apart += "\n" + name;
  if (apart == "\n") apart.clear();  // only the top-level one
  return mapping::bucket_of(alert, {"c", options.rate_cap.by, options.rate_cap.window_ms, apart},
                            options.manager_alias, wall_now_ms());
}

bool is_bucket_id(std::string_view id) {
  constexpr std::size_t kLongest = 64;
  return id.starts_with("c-") && id.size() <= kLongest &&
         id.find_first_not_of("0123456789abcdef-", 1) == std::string_view::npos;
}

// The first alert over the cap, with a marker at the root, which no decoder can set from a log.
std::string marked(const wazuh::Alert& alert, const mapping::Bucket& bucket,
                   const mapping::Options& options) {
  json::Writer w;
  w.begin_object();
  w.key("socbridge");
  w.begin_object();
  w.member("rate_cap", bucket.id);
  w.member("max", options.rate_cap.max);
  w.member("start_ms", static_cast<std::int64_t>(bucket.start_ms));
  w.member("end_ms", static_cast<std::int64_t>(bucket.end_ms));
  w.key("fields");
  w.begin_array();
  for (const auto& [path, value] : bucket.fields) {
    w.begin_array();
    w.value(path);
    w.value(value);
    w.end_array();
  }
  w.end_array();
  w.end_object();
  std::string text = std::move(w).take();
  const json::Value root = alert.root();
  for (std::size_t i = 0; i < root.size(); ++i) {
    if (root.key_at(i) == "socbridge") continue;
    text += "," + json::quote(root.key_at(i)) + ":" + root.value_at(i).dump();
  }
  return text + "}";
}

// A time that can be added to; 0 if the value is not one.
UnixMillis time_of(json::Value value) {
  constexpr UnixMillis kLatest = UnixMillis{1} << 50U;
  const UnixMillis time = value.integer().value_or(0);
  return time < 0 || time > kLatest ? 0 : time;
}

class Summary final : public GroupedAlert {
 public:
  Summary(Env& env, std::string state_dir, const integration::Settings& settings,
          const wazuh::Alert& alert)
      : env_(env), state_dir_(std::move(state_dir)), settings_(settings) {
    const json::Value mark = alert.root()["socbridge"];
    what_ = printable(trim(alert.description), SIZE_MAX);
    id_ = mark["rate_cap"].string_text();
    max_ = static_cast<std::uint64_t>(mark["max"].integer().value_or(0));
    start_ms_ = time_of(mark["start_ms"]);
    end_ms_ = time_of(mark["end_ms"]);
    const json::Value fields = mark["fields"];
    for (std::size_t i = 0; i < fields.size(); ++i) {
      fields_.emplace_back(fields.at(i).at(0).text(), fields.at(i).at(1).text());
    }
    self_ = {wazuh::source_ref(alert, settings.mapping.manager_alias), alert.time_ms.value_or(0),
             alert.level};
  }

  UnixMillis not_before_ms() const override { return end_ms_ + kGraceMs; }

  thehive::Alert opening(thehive::Alert mapped) override {
    mapped.source_ref = id_;
    // The observables of one alert would be mistaken for those of all.
    mapped.observables.clear();
    if (mapped.promotion) std::erase(mapped.tags, mapped.promotion->tag());
    mapped.promotion.reset();
    mapped.tags.push_back("rate-cap");
    // Its title may name the host of that one alert.
    title_ = what_.empty() ? mapped.title : what_;
    fill(mapped);
    return mapped;
  }

  std::vector<AlertUpdate> update(json::Value there, thehive::ApiVersion) override {
    thehive::Alert now;
    fill(now);
    json::Writer w;
    w.begin_object();
    w.member("title", truncate_utf16(now.title, thehive::limits::kTitle));
    w.member("description", now.description);
    if (now.severity > there["severity"].integer().value_or(now.severity)) {
      w.member("severity", now.severity);
    }
    w.end_object();
    return {patch_request(there["_id"].text(), std::move(w).take())};
  }

  // If there is nothing more to report, the counter stays locked until this object ends, after the
  // entry is removed: no process relies on an entry that will not report.
  bool settled() override {
    auto counter = BucketCounter::open(env_, state_dir_, id_);
    if (!counter.ok() || over(*counter) > reported_) return false;
    held_.emplace(std::move(*counter));
    return true;
  }

 private:
  std::uint64_t over(const BucketCounter& counter) const {
    const std::uint64_t count = counter.view().count();
    return count > max_ ? count - max_ : 0;
  }

  void fill(thehive::Alert& alert) {
    std::vector<BucketCounter::Member> members;
    reported_ = 0;
    if (const auto counter = BucketCounter::open(env_, state_dir_, id_); counter.ok()) {
      reported_ = over(*counter);
      members = counter->view().members;
      members.erase(members.begin(),
                    members.begin() +
                        static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(max_, members.size())));
    }
    // The counter may be lost; this alert was over the cap in any case.
    if (members.empty()) members.push_back(self_);
    const std::uint64_t n = std::max<std::uint64_t>(reported_, members.size());
    UnixMillis first = members.front().time_ms, last = first;
    int level = 0;
    for (const BucketCounter::Member& member : members) {
      first = std::min(first, member.time_ms);
      last = std::max(last, member.time_ms);
      level = std::max(level, member.level);
    }
    alert.severity = 1;
    for (const auto& [from, severity] : settings_.mapping.severity_by_level) {
      if (level >= from) alert.severity = severity;
    }
    std::string whose;
    for (const auto& [path, value] : fields_) {
      whose += (whose.empty() ? " of " : ", ") + path + " " + printable(value, 60);
    }
    alert.title = std::to_string(n) + (n == 1 ? " more alert" : " more alerts") + whose +
                  (title_.empty() ? "" : ": " + title_);
    alert.description = describe(n, first, last, level, members);
  }

  std::string describe(std::uint64_t n, UnixMillis first, UnixMillis last, int level,
                       const std::vector<BucketCounter::Member>& members) const {
    std::string text = "**" + std::to_string(n) + "** " + (n == 1 ? "alert was" : "alerts were") +
                       " counted instead of sent: more than " + std::to_string(max_) +
                       " were equal in the fields below from " + format_utc(start_ms_) + " to " +
                       format_utc(end_ms_) + ". The first " + std::to_string(max_) +
                       " are alerts of their own.\n\n| field | value |\n|---|---|\n";
    for (const auto& [path, value] : fields_) {
      text += "| " + mapping::escape_markdown(path, kCell) + " | " +
              mapping::escape_markdown(value, kCell) + " |\n";
    }
    text += "| first | " + format_utc(first) + " |\n| last | " + format_utc(last) +
            " |\n| highest level | " + std::to_string(level) + " |\n\nWazuh alerts: ";
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i == kShown && members.size() > 2 * kShown) {
        text += ", …";
        i = members.size() - kShown;
      }
      text += (i == 0 ? "" : ", ") + members[i].ref;
    }
    return text;
  }

  Env& env_;
  std::string state_dir_;
  const integration::Settings& settings_;
  std::string id_, title_, what_;
  std::uint64_t max_ = 0, reported_ = 0;
  UnixMillis start_ms_ = 0, end_ms_ = 0;
  std::vector<std::pair<std::string, std::string>> fields_;
  BucketCounter::Member self_;
  std::optional<BucketCounter> held_;
};

}  // namespace

Result<bool> over_cap(Env& env, spool::Spool& spool, const integration::Settings& settings,
                      const wazuh::Alert& alert, const spool::Entry& like) {
  const mapping::Options& options = settings.mapping;
  if (options.rate_cap.by.empty()) return false;
  const std::vector<std::string> destinations = mapping::destinations_of(alert, options).names;
  const mapping::Bucket bucket = bucket_for(options, alert, destinations);
  auto counter = BucketCounter::open(env, spool.state_dir(), bucket.id);
  if (!counter.ok()) return counter.status();
  const UnixMillis now = wall_now_ms();
  const auto place = counter->add(
      {wazuh::source_ref(alert, options.manager_alias), alert.time_ms.value_or(now), alert.level});
  if (!place.ok()) return place.status();
  if (*place < options.rate_cap.max) return false;
  // The entry is stored before the count, so that nothing is lost in between.
  for (const std::string& destination : destinations) {
    const auto known = counter->view().entries.find(destination);
    if (known != counter->view().entries.end() &&
        entry_waits(env, spool.state_dir(), known->second))
      continue;
    spool::Entry entry = like;
    entry.destination = destination;
    entry.accepted_ms = now;
    entry.alert = marked(alert, bucket, options);
    if (Status room = spool.admit(entry.alert.size(), settings.bounds, now); !room.ok())
      return room;
    const auto claim = spool.accept(entry);
    if (!claim.ok()) return claim.status();
    // A time beyond the longest pause would count as a wrong clock, so it is limited; the entry is
    // then postponed again.
    const UnixMillis due =
        std::min<UnixMillis>(bucket.end_ms + kGraceMs, now + settings.retry.max_ms);
    static_cast<void>(spool.reschedule(*claim, due));
    if (Status noted = counter->set_entry(claim->id(), destination); !noted.ok()) return noted;
  }
  if (Status synced = counter->sync(); !synced.ok()) return synced;
  return true;
}

std::string summary_ref(const mapping::Options& options, const wazuh::Alert& alert) {
  if (options.rate_cap.by.empty()) return {};
  return bucket_for(options, alert, mapping::destinations_of(alert, options).names).id;
}

std::string summary_ref_of_entry(const wazuh::Alert& alert) {
  const auto id = alert.root()["socbridge"]["rate_cap"].string();
  return id && is_bucket_id(*id) ? std::string(*id) : std::string();
}

std::shared_ptr<GroupedAlert> find_summary(Env& env, const std::string& state_dir,
                                           const integration::Settings& settings,
                                           const wazuh::Alert& alert) {
  if (summary_ref_of_entry(alert).empty()) return nullptr;
  return std::make_shared<Summary>(env, state_dir, settings, alert);
}

}  // namespace socbridge::grouping
