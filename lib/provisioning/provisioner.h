// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/env.h"
#include "base/secret.h"
#include "base/status.h"
#include "grafana/editor.h"
#include "provisioning/bind_dashboard.h"
#include "provisioning/compare.h"
#include "provisioning/manifest.h"

namespace socbridge::provisioning {

enum class Mode { look, apply };
enum class EditedItems { keep, overwrite };      // changes made by persons in Grafana
enum class Secrets { if_not_set, write_again };  // Grafana does not return their values

struct Options {
  Mode mode = Mode::look;
  EditedItems edited = EditedItems::keep;
  Secrets secrets = Secrets::if_not_set;
  std::string catalogue;  // folder with NUMBER.json instead of grafana.com; or empty
};

// State of an object of the manifest in Grafana.
enum class State {
  current,      // as in the manifest
  missing,      // does not exist
  outdated,     // as written by an earlier apply
  edited,       // changed since then, or created by a person
  provisioned,  // from files of Grafana's server, which its API cannot change
  failed,       // see `status`
};
const char* state_name(State state);

// The action taken, or with Mode::look the action needed.
enum class Action { none, create, update, keep };
const char* action_name(Action action);

struct Item {
  const char* kind = "";  // "folder", "data source", "dashboard"
  std::string uid, name;
  State state = State::current;
  Action action = Action::none;
  std::string detail;  // for people; may be empty
  Status status;       // of a failed one
  std::vector<Difference> differences;
};

// Changes Grafana to match a manifest; writes only what differs. Objects of an earlier apply are
// recognised by a mark: in the history of a dashboard, in jsonData.socbridge of a data source. All
// others count as edited. Each change names the version it was based on, so that no change in
// between is lost. For one thread.
class Provisioner {
 public:
  // All references must outlive it.
  Provisioner(Env& env, grafana::Editor& editor, const Manifest& manifest, Options options)
      : env_(env), editor_(editor), manifest_(manifest), options_(std::move(options)) {}

  // The folder, then the data sources, then the dashboards, in the manifest's order. An error only
  // if nothing can be read at all: no answer, invalid token.
  Result<std::vector<Item>> run();

 private:
  // Each fills in the item and returns why it failed.
  Status settle_folder(Item& item);
  Status settle_source(const DataSourceEntry& entry, Item& item);
  Status settle_dashboard(const DashboardEntry& entry, Item& item);
  Status check_uid(const Item& item);

  Status create_source(const DataSourceEntry& entry);
  Status update_source(const DataSourceEntry& entry, json::Value there);
  Status check_source(const DataSourceEntry& entry, json::Value there, Item& item) const;
  // A JSON object; the values are also appended to `values`.
  Result<std::string> secrets_of(const DataSourceEntry& entry, std::vector<Secret>& values);

  Result<json::Document> load(const DashboardEntry& entry);
  Result<std::string> wanted_dashboard(const DashboardEntry& entry, Item& item);
  Status check_dashboard(std::string_view wanted, json::Value there, Item& item);
  Status save_dashboard(std::string_view wanted, std::int64_t version);
  std::string mark_of(std::string_view wanted) const;

  // Whether the item must be written; sets its action.
  bool is_to_be_written(Item& item) const;

  Env& env_;
  grafana::Editor& editor_;
  const Manifest& manifest_;
  Options options_;
  std::vector<BoundSource> sources_;  // those that Grafana has, or will have
  std::set<std::string> boards_;      // uids of the dashboards so far
};

}  // namespace socbridge::provisioning
