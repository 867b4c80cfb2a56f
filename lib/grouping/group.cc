// SPDX-License-Identifier: Apache-2.0
#include "grouping/group.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "grouping/alert_updates.h"
#include "grouping/bucket_counter.h"
#include "json/writer.h"
#include "mapping/bucket.h"
#include "thehive/sanitize.h"
#include "wazuh/alert.h"

namespace socbridge::grouping {
namespace {

constexpr std::string_view kMark = "**Seen again:** ";
constexpr std::string_view kAlerts = "Alerts: ";
constexpr std::size_t kNamed = 10;       // references in the line
constexpr std::size_t kMostKept = 1000;  // observables of one group

// Where the line begins; npos if there is none. It is always the last such line: earlier text may
// come from an attacker.
std::size_t find_line(std::string_view description) {
  std::size_t at = description.rfind(kMark);
  while (at != std::string_view::npos && at > 0 && description[at - 1] != '\n') {
    at = description.rfind(kMark, at - 1);
  }
  return at;
}

std::optional<mapping::Bucket> bucket_for(const mapping::Options& options,
                                          const wazuh::Alert& alert) {
  const std::vector<std::string>* const by = mapping::group_by(alert, options);
  if (by->empty()) return std::nullopt;
  mapping::Bucket bucket = mapping::bucket_of(alert, {"g", *by, options.grouping.window_ms},
                                              options.manager_alias, wall_now_ms());
  if (!bucket.complete) return std::nullopt;
  return bucket;
}

class Group final : public GroupedAlert {
 public:
  Group(Env& env, std::string state_dir, const integration::Settings& settings,
        const wazuh::Alert& alert, mapping::Bucket bucket)
      : env_(env),
        state_dir_(std::move(state_dir)),
        bucket_(std::move(bucket)),
        counter_id_(BucketCounter::id_at(bucket_.id, settings.destination)) {
    self_.ref = wazuh::source_ref(alert, settings.mapping.manager_alias);
    self_.time_ms = alert.time_ms.value_or(wall_now_ms());
    self_.level = alert.level;
  }

  thehive::Alert opening(thehive::Alert mapped) override {
    observables_ = mapped.observables;
    tags_ = mapped.tags;
    severity_ = mapped.severity;
    auto counter = join();
    mapped.source_ref = bucket_.id;
    std::string names;
    for (const auto& [path, value] : bucket_.fields) names += (names.empty() ? "" : ", ") + path;
    // Removes such lines from logs in the description.
    for (std::size_t at = mapped.description.find(kMark); at != std::string::npos;
         at = mapped.description.find(kMark, at)) {
      mapped.description.insert(at + 2, " ");
    }
    mapped.description += "\n\nOne alert for all with the same " + names + " from " +
                          format_utc(bucket_.start_ms) + " to " + format_utc(bucket_.end_ms) + ".";
    const std::uint64_t seen = counter ? counter->view().count() - 1 + counter->view().base : 0;
    mapped.description = with_seen_line(mapped.description, seen_line(seen, counter, {}));
    return mapped;
  }

  std::vector<AlertUpdate> update(json::Value there, thehive::ApiVersion version) override {
    const std::string id = there["_id"].text();
    const std::string case_id = there["caseId"].text();
    const std::string description(there["description"].string_or_empty());
    const SeenLine line = read_seen_line(description);
    auto counter = join();
    const bool named = std::find(line.refs.begin(), line.refs.end(), self_.ref) != line.refs.end();
    std::uint64_t seen = named ? line.seen : line.seen + 1;
    if (counter) {
      // It is alone in its counter but not in TheHive: the counter was lost.
      const bool lost = counter->view().count() == 1 && counter->view().base == 0 && seen > 0;
      if (lost) static_cast<void>(counter->set_base(seen));
      seen = std::max(line.seen, counter->view().count() - 1 + counter->view().base);
    }
    std::vector<AlertUpdate> out =
        observable_requests(id, case_id, fresh(counter, version), version);
    json::Writer w;
    w.begin_object();
    w.member("description", with_seen_line(description, seen_line(seen, counter, line.refs)));
    if (severity_ > there["severity"].integer().value_or(severity_)) {
      w.member("severity", severity_);
    }
    if (version == thehive::ApiVersion::v5 && !tags_.empty()) {
      w.key("addTags");
      w.begin_array();
      for (const std::string& tag : tags_) w.value(tag);
      w.end_array();
    }
    w.end_object();
    out.push_back(patch_request(id, std::move(w).take()));
    return out;
  }

  bool settled() override {
    auto counter = join();
    if (!counter) return true;
    std::vector<std::string> digests;
    for (const thehive::Observable& o : observables_) {
      digests.push_back(BucketCounter::digest(o.data_type, o.data));
    }
    static_cast<void>(counter->add_observables(digests));
    static_cast<void>(counter->sync());
    return true;
  }

 private:
  // The counter with this alert in it; null on failure.
  std::optional<BucketCounter> join() {
    if (state_dir_.empty()) return std::nullopt;
    auto counter = BucketCounter::open(env_, state_dir_, counter_id_);
    if (!counter.ok() || !counter->add(self_).ok()) return std::nullopt;
    return std::move(*counter);
  }

  std::vector<thehive::Observable> fresh(const std::optional<BucketCounter>& counter,
                                         thehive::ApiVersion version) const {
    thehive::Alert holder;
    for (const thehive::Observable& o : observables_) {
      if (counter && counter->view().observables.size() >= kMostKept) break;
      const bool known = counter && counter->view().observables.contains(
                                        BucketCounter::digest(o.data_type, o.data));
      if (!known) holder.observables.push_back(o);
    }
    return thehive::clean(holder, version).observables;
  }

  std::string seen_line(std::uint64_t seen, const std::optional<BucketCounter>& counter,
                        std::vector<std::string> refs) const {
    UnixMillis last = self_.time_ms;
    if (counter && !counter->view().members.empty()) {
      refs.clear();
      for (const BucketCounter::Member& member : counter->view().members) {
        last = std::max(last, member.time_ms);
        refs.push_back(member.ref);
      }
    } else if (std::find(refs.begin(), refs.end(), self_.ref) == refs.end()) {
      refs.push_back(self_.ref);
    }
    if (refs.size() > kNamed) refs.erase(refs.begin(), refs.end() - kNamed);
    std::string out(kMark);
    out += std::to_string(seen) + (seen == 1 ? " time, last " : " times, last ") +
           format_utc(last) + ". " + std::string(kAlerts);
    for (std::size_t i = 0; i < refs.size(); ++i) out += (i == 0 ? "" : ", ") + refs[i];
    return out;
  }

  Env& env_;
  std::string state_dir_;
  mapping::Bucket bucket_;
  std::string counter_id_;
  BucketCounter::Member self_;
  std::vector<thehive::Observable> observables_;
  std::vector<std::string> tags_;
  int severity_ = 1;
};

}  // namespace

SeenLine read_seen_line(std::string_view description) {
  SeenLine line;
  const std::size_t at = find_line(description);
  if (at == std::string_view::npos) return line;
  std::string_view text = description.substr(at + kMark.size());
  text = text.substr(0, text.find('\n'));
  line.seen = parse_u64(text.substr(0, text.find(' '))).value_or(0);
  const std::size_t refs = text.find(kAlerts);
  if (refs == std::string_view::npos) return line;
  for (const std::string_view ref : split(text.substr(refs + kAlerts.size()), ',')) {
    line.refs.emplace_back(trim(ref));
  }
  return line;
}

std::string with_seen_line(std::string_view description, const std::string& line) {
  const std::size_t at = find_line(description);
  if (at == std::string_view::npos) return std::string(description) + "\n\n" + line;
  std::string out(description.substr(0, at));
  out += line;
  const std::size_t end = description.find('\n', at);
  if (end != std::string_view::npos) out += description.substr(end);
  return out;
}

std::string group_ref(const mapping::Options& options, const wazuh::Alert& alert) {
  auto bucket = bucket_for(options, alert);
  return bucket ? std::move(bucket->id) : std::string();
}

std::shared_ptr<GroupedAlert> find_group(Env& env, const std::string& state_dir,
                                         const integration::Settings& settings,
                                         const wazuh::Alert& alert) {
  auto bucket = bucket_for(settings.mapping, alert);
  if (!bucket) return nullptr;
  return std::make_shared<Group>(env, state_dir, settings, alert, std::move(*bucket));
}

}  // namespace socbridge::grouping
