#include "health/canary.h"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/text.h"
#include "health/canary_alert.h"
#include "health/canary_cortex.h"
#include "health/integration_run.h"
#include "health/registry.h"
#include "mapping/mapping.h"
#include "relay/deliver.h"
#include "relay/settings.h"
#include "relay/target.h"
#include "spool/spool.h"
#include "thehive/client.h"
#include "thehive/observables.h"
#include "wazuh/alert.h"
#include "wazuh/ossec_conf.h"

namespace socbridge::health {
namespace {

constexpr std::int64_t kPauseMs = 200;
constexpr std::int64_t kCleanUpMs = 15000;
constexpr const char* kHops[] = {"integration", "alert", "observable", "job", "report"};

std::string make_nonce() {
  std::uint32_t random = 0;
  if (getrandom(&random, sizeof random, 0) != static_cast<ssize_t>(sizeof random)) {
    random = static_cast<std::uint32_t>(steady_now_ms());
  }
  return std::to_string(random);
}

// A file of the integration's user alone, gone with the object.
class TempFile {
 public:
  static Result<TempFile> make(Env& env, const std::string& suffix, std::string_view text,
                               uid_t uid, gid_t gid) {
    constexpr mode_t kMode = 0600;
    TempFile file(env, "/tmp/custom-w2thive-" + std::to_string(wall_now_ms() / 1000) + "-" +
                           make_nonce() + "." + suffix);
    auto fd = env.create_new(file.path_, kMode);
    if (!fd.ok()) return fd.status();
    if (const Status written = env.write_all(fd->get(), text); !written.ok()) return written;
    if (geteuid() == 0 && ::fchown(fd->get(), uid, gid) != 0) {
      return Status::error(ExitCode::failure, "cannot give " + file.path_ + " away");
    }
    return file;
  }
  TempFile(TempFile&& other) noexcept : env_(other.env_), path_(std::move(other.path_)) {
    other.path_.clear();
  }
  TempFile& operator=(TempFile&&) = delete;
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  ~TempFile() {
    if (!path_.empty()) static_cast<void>(env_->unlink(path_));
  }
  const std::string& path() const { return path_; }

 private:
  TempFile(Env& env, std::string path) : env_(&env), path_(std::move(path)) {}
  Env* env_;
  std::string path_;
};

class Canary {
 public:
  Canary(Env& env, const Options& options, const CanaryOptions& canary,
         const profile::Endpoint& thehive)
      : env_(env),
        options_(options),
        canary_(canary),
        probe_(env, options, thehive, "canary", "Canary", Deadline::after_ms(canary.timeout_ms)),
        client_(probe_.http(), {thehive.url, thehive.key, thehive.organisation}),
        cortex_(env, options, client_) {}

  CanaryResult run() {
    const std::int64_t started = steady_now_ms();
    prepare();
    const bool ok = hop(&Canary::integrate) && hop(&Canary::find) && hop(&Canary::observe) &&
                    hop(&Canary::start) && hop(&Canary::await);
    if (ok) probe_.report().latency_ms = steady_now_ms() - started;
    for (const char* name : kHops) {
      const auto& checks = probe_.report().checks;
      const bool reached = std::any_of(checks.begin(), checks.end(),
                                       [&](const Check& check) { return check.name == name; });
      if (!reached) probe_.skip(name, "not reached");
    }
    clean_up();
    return {std::move(probe_.report()), interrupted_};
  }

 private:
  bool hop(bool (Canary::*fly)()) {
    hop_started_ = steady_now_ms();
    return !stopped() && (this->*fly)();
  }
  std::string in_ms() const {
    return "in " + std::to_string(steady_now_ms() - hop_started_) + " ms";
  }

  bool stopped() {
    interrupted_ = interrupted_ || (canary_.stop && canary_.stop());
    return interrupted_;
  }
  // False if there is no time left or it was stopped.
  bool pause() {
    if (stopped() || probe_.deadline().passed()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(kPauseMs));
    return !stopped();
  }
  bool broken(const char* name, const std::string& detail, const std::string& next,
              Cause cause = Cause::trouble) {
    if (!interrupted_) probe_.add(name, State::down, cause, detail, next);
    if (interrupted_) probe_.add(name, State::unknown, Cause::none, "interrupted", "run it again");
    return false;
  }
  bool failed(const char* name, const Status& status) {
    if (interrupted_) return broken(name, {}, {});
    probe_.fail(name, status);
    return false;
  }

  // For one request: short, so that a wish to stop is heard while a server hangs.
  Deadline step() const {
    constexpr std::int64_t kStepMs = 10000;
    return Deadline::after_ms(std::min(probe_.deadline().left_ms(), kStepMs));
  }

  // Settings, block and the alert; trouble with them shows in the hops.
  void prepare() {
    here_ = wazuh_is_here(env_, options_);
    const std::string conf =
        options_.ossec_conf.empty() ? options_.wazuh_home + "/etc/ossec.conf" : options_.ossec_conf;
    if (here_) {
      auto blocks = wazuh::read_integrations(env_, conf);
      if (!blocks.ok()) block_trouble_ = blocks.status();
      for (std::size_t i = 0; blocks.ok() && i < blocks->size() && !block_; ++i) {
        if ((*blocks)[i].name == "custom-w2thive") block_ = std::move((*blocks)[i]);
      }
    }
    relay::Sources sources;
    sources.home = options_.wazuh_home;
    sources.config_file = sources.home + "/etc/w2thive.json";
    if (block_) {
      sources.options_json = block_->options;
      sources.options_origin = "<options>";
    }
    loaded_ = relay::load(env_, sources);
    const mapping::Options& rules = loaded_.settings.mapping;
    const int level =
        std::max(rules.min_level,
                 rules.severity_by_level.empty() ? 0 : rules.severity_by_level.begin()->first);
    nonce_ = make_nonce();
    started_at_ms_ = wall_now_ms();
    raw_ = canary_alert(started_at_ms_, level, canary_.address, nonce_);
  }

  bool integrate() {
    const auto alert = wazuh::Alert::parse(raw_);
    if (!alert.ok()) return failed("integration", alert.status());
    const mapping::Mapped mapped = mapping::map(*alert, loaded_.settings.mapping, started_at_ms_);
    if (!mapped.forwarded) {
      return broken("integration", "the mapping does not forward it: " + mapped.skip_reason,
                    "let group socbridge_canary pass the filters", Cause::configuration);
    }
    reference_ = mapped.alert.source_ref;
    return here_ ? run_the_program() : deliver_here();
  }

  bool deliver_here() {
    relay::Settings settings = loaded_.settings;
    relay::aim(settings, client_.endpoint(), probe_.endpoint().ca_file);
    const relay::Attempt sent =
        relay::attempt(env_, raw_, settings, probe_.http(), {}, probe_.deadline());
    if (sent.delivery.verdict == thehive::Verdict::created) {
      probe_.ok("integration", in_ms() + ", without a Wazuh manager here");
      return true;
    }
    const bool auth = sent.delivery.verdict == thehive::Verdict::auth;
    return broken("integration", sent.delivery.message, "run socctl health thehive",
                  auth ? Cause::auth : Cause::unreachable);
  }

  bool run_the_program() {
    if (!block_) {
      return broken(
          "integration",
          block_trouble_.ok() ? "no block named custom-w2thive" : block_trouble_.message(),
          "add one as docs/custom-w2thive.md shows", Cause::configuration);
    }
    IntegrationCall call;
    call.home = options_.wazuh_home;
    call.program = "integrations/custom-w2thive";
    // The spool belongs to the user integratord runs as.
    if (const auto spool = env_.stat(loaded_.settings.spool_dir); spool.ok()) {
      call.uid = spool->uid;
      call.gid = spool->gid;
    }
    std::vector<TempFile> files;
    const auto add_file = [&](const std::string& suffix, std::string_view text) {
      auto file = TempFile::make(env_, suffix, text, call.uid, call.gid);
      if (!file.ok()) return file.status();
      files.push_back(std::move(*file));
      return Status();
    };
    if (const Status made = add_file("alert", raw_); !made.ok()) return failed("integration", made);
    const std::string alert_file = files.back().path();
    std::string key(block_->api_key.reveal());
    if (!key.empty() && !key.starts_with("file:")) {  // it must not show in the process list
      const Status made = add_file("key", key);
      secure_wipe(key.data(), key.size());
      if (!made.ok()) return failed("integration", made);
      key = "file:" + files.back().path();
    }
    std::string options_file;
    if (!block_->options.empty()) {
      if (const Status made = add_file("options", block_->options); !made.ok())
        return failed("integration", made);
      options_file = files.back().path();
    }
    call.words = {alert_file,
                  key,
                  block_->hook_url,
                  "",
                  options_file,
                  std::to_string(block_->timeout_s),
                  std::to_string(block_->retries),
                  "> /dev/null 2>&1"};
    call.timeout_ms = step().left_ms() * 6;
    const auto result = run_integration(call);
    if (!result.ok()) return failed("integration", result.status());
    if (result->exit_code != 0) {
      return broken("integration",
                    "custom-w2thive ended with " + std::to_string(result->exit_code) + ": " +
                        result->last_line,
                    "see docs/exit-codes.md");
    }
    probe_.ok("integration",
              "custom-w2thive accepted it in " + std::to_string(result->took_ms) + " ms");
    return true;
  }

  Result<json::Document> look_up(const Deadline& deadline) {
    return client_.find_alert(loaded_.settings.mapping.type, loaded_.settings.mapping.source,
                              reference_, deadline);
  }

  bool find() {
    Status last;
    bool looked = false;  // the last request may end with the time that is over
    do {
      const auto found = look_up(step());
      if (found.ok() && !found->root().missing()) {
        alert_id_ = found->root()["_id"].scalar_text().value_or("");
        probe_.ok("alert", in_ms());
        return true;
      }
      looked = looked || found.ok();
      last = found.ok() ? Status() : found.status();
      if (!last.ok() && last.code() == ExitCode::auth) return failed("alert", last);
    } while (pause());
    if (!looked && !last.ok()) return failed("alert", last);
    return broken("alert", "accepted, but TheHive does not have it",
                  "see why with socctl queue list, and check the organisation of the key",
                  Cause::missing);
  }

  bool observe() {
    Status last;
    bool looked = false;
    do {
      const auto list =
          thehive::list_observables(client_, thehive::Subject::alert(alert_id_), step());
      looked = looked || list.ok();
      last = list.ok() ? Status() : list.status();
      for (std::size_t i = 0; list.ok() && i < list->size(); ++i) {
        if ((*list)[i].data != canary_.address) continue;
        observable_id_ = (*list)[i].id;
        probe_.ok("observable", (*list)[i].data_type + " " + canary_.address + " " + in_ms());
        return true;
      }
    } while (pause());
    if (!looked && !last.ok()) return failed("observable", last);
    return broken("observable", "the alert has no observable " + canary_.address,
                  "see socctl alert map --explain; ignore_values or extra_sources may say so",
                  Cause::missing);
  }

  bool start() {
    const Status started = cortex_.start(observable_id_, canary_.address, canary_.analyzer, step());
    if (!started.ok()) return failed("job", started);
    if (cortex_.way().empty()) {
      probe_.skip("job", "neither TheHive nor socctl has a Cortex");
      probe_.skip("report", "no job");
      return false;
    }
    probe_.ok("job", cortex_.analyzer() + " " + cortex_.way() + " " + in_ms());
    return true;
  }

  bool await() {
    while (true) {
      const auto state = cortex_.look(step());
      if (!state.ok()) return failed("report", state.status());
      if (state->ended) {
        if (!state->success) {
          return broken("report", cortex_.analyzer() + " failed: " + state->trouble,
                        "run socctl cortex doctor");
        }
        probe_.ok("report", cortex_.analyzer() + " reported " + in_ms());
        return true;
      }
      if (!pause()) break;
    }
    return broken("report", "the job of " + cortex_.analyzer() + " did not end in time",
                  "look at the runner of Cortex: socctl cortex doctor", Cause::stale);
  }

  // What custom-w2thive may have kept, so that it is not delivered later.
  Status empty_spool() {
    const std::string dir = loaded_.settings.spool_dir;
    if (!here_ || !env_.stat(dir + "/state").ok()) return {};
    auto spool = spool::Spool::open(env_, dir);
    if (!spool.ok()) return spool.status();
    const std::string since = std::to_string(started_at_ms_);
    for (const spool::State state : {spool::State::queue, spool::State::hold, spool::State::dead}) {
      const auto entries = spool->list(state);
      if (!entries.ok()) return entries.status();
      for (const spool::EntryInfo& info : *entries) {
        if (info.id < since) continue;
        auto claim = spool->claim(state, info.id);
        if (!claim.ok()) return claim.status();
        if (!*claim) continue;
        const auto entry = spool->load(**claim);
        if (!entry.ok() || entry->alert.find("." + nonce_ + "\"") == std::string::npos) continue;
        if (const Status gone = spool->remove(std::move(**claim)); !gone.ok()) return gone;
      }
    }
    return {};
  }

  void clean_up() {
    const Deadline deadline = Deadline::after_ms(kCleanUpMs);
    hop_started_ = steady_now_ms();
    std::vector<std::string> left;
    if (const Status emptied = empty_spool(); !emptied.ok()) left.push_back(emptied.message());
    if (alert_id_.empty() && !reference_.empty()) {
      const auto found = look_up(deadline);
      if (found.ok()) alert_id_ = found->root()["_id"].scalar_text().value_or("");
    }
    cortex_.clean_up(deadline);
    if (!alert_id_.empty()) {
      if (const Status removed = client_.remove_alert(alert_id_, deadline); !removed.ok()) {
        left.push_back("alert " + printable(alert_id_) + " is still there: " + removed.message());
      }
    }
    if (left.empty()) {
      probe_.ok("clean-up", in_ms());
      return;
    }
    std::string all;
    for (const std::string& one : left) all += (all.empty() ? "" : "; ") + one;
    probe_.add("clean-up", State::degraded, Cause::trouble, all,
               "delete it by hand; the key needs manageAlert/delete for it");
  }

  Env& env_;
  const Options& options_;
  const CanaryOptions& canary_;
  Probe probe_;
  thehive::Client client_;
  CanaryCortex cortex_;
  relay::Loaded loaded_;
  std::optional<wazuh::IntegrationBlock> block_;
  Status block_trouble_;
  bool here_ = false, interrupted_ = false;
  UnixMillis started_at_ms_ = 0;
  std::int64_t hop_started_ = 0;
  std::string nonce_, raw_, reference_, alert_id_, observable_id_;
};

}  // namespace

Result<CanaryResult> run_canary(Env& env, const Options& options, const CanaryOptions& canary) {
  const auto thehive = profile::find(env, "thehive", options.flags, options.surroundings);
  if (!thehive.ok()) return thehive.status();
  if (!*thehive) {
    return Status::error(ExitCode::usage, "the canary needs TheHive, which is not configured",
                         "set SOCCTL_THEHIVE_URL and SOCCTL_THEHIVE_KEY_FILE, or write it into "
                         "~/.config/socctl/config.json");
  }
  return Canary(env, options, canary, **thehive).run();
}

}  // namespace socbridge::health
