// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "json/value.h"
#include "soc-sandbox/thehive/store/model.h"

namespace socbridge::sandbox {

// All data of the sandbox. Not thread-safe: Store guards it. Every put and remove also appends a
// JSON line to `journal`, which replay() applies.
class Tables {
 public:
  Tables();  // with the built-in observable types

  const std::map<Id, Alert>& alerts() const { return alerts_; }
  const std::map<Id, Case>& cases() const { return cases_; }
  const std::map<Id, Observable>& observables() const { return observables_; }
  const std::map<Id, Procedure>& procedures() const { return procedures_; }
  const std::map<Id, Comment>& comments() const { return comments_; }
  const std::map<Id, CasePage>& pages() const { return pages_; }
  const std::map<Id, Job>& jobs() const { return jobs_; }
  const std::map<std::string, ObservableType, std::less<>>& types() const { return types_; }
  const std::map<std::string, CustomField, std::less<>>& custom_fields() const {
    return custom_fields_;
  }
  const std::set<std::string, std::less<>>& case_templates() const { return case_templates_; }

  // Null if there is none.
  const Alert* alert(Id id) const;
  const Case* find_case(Id id) const;
  const Observable* observable(Id id) const;
  const Procedure* procedure(Id id) const;
  const Comment* comment(Id id) const;
  const CasePage* page(Id id) const;
  const Job* job(Id id) const;
  std::vector<Id> jobs_of(Id observable) const;  // oldest first
  const std::set<Id>& running_jobs() const { return running_jobs_; }
  const Children* children(const Parent& parent) const;
  // The alert with this `~id` or `type;source;sourceRef`.
  const Alert* alert_by(std::string_view id_or_name) const;
  // The case with this `~id` or number.
  const Case* case_by(std::string_view id_or_number) const;
  Id alert_with_key(std::string_view type, std::string_view source, std::string_view ref) const;
  // True if the parent has an observable with this value (or this attachment).
  bool has_observable(const Parent& parent, const Observable& like) const;

  // Inserts (id 0: takes the next one) or replaces. Lists of children are maintained here; those of
  // the argument are ignored.
  Id put(Alert alert);
  Id put(Case item);
  Id put(Observable observable);
  Id put(Procedure procedure);
  Id put(Comment comment);
  Id put(CasePage page);
  Id put(Job job);
  void put(ObservableType type);
  void put(CustomField field);
  void put_case_template(const std::string& name);
  void remove_alert(Id id);  // with all of its children
  void remove_observable(Id id);
  void remove_comment(Id id);
  void remove_procedure(Id id);
  void remove_page(Id id);
  std::int64_t next_case_number() const;

  bool journaling = false;
  std::string journal;
  // Applies one line of a journal. False if it is not one.
  bool replay(const json::Value& line);

 private:
  Id take(Id id);
  Children* children(const Parent& parent);
  template <typename T>
  Id put_child(std::map<Id, T>& table, T item, std::vector<Id> Children::*list);
  template <typename T>
  void remove_child(std::map<Id, T>& table, Id id, std::vector<Id> Children::*list);
  void note(std::string_view kind, const std::string& value);
  void note_removal(Id id);

  std::map<Id, Alert> alerts_;
  std::map<Id, Case> cases_;
  std::map<Id, Observable> observables_;
  std::map<Id, Procedure> procedures_;
  std::map<Id, Comment> comments_;
  std::map<Id, CasePage> pages_;
  std::map<Id, Job> jobs_;
  std::unordered_map<Id, std::vector<Id>> jobs_of_;  // by observable
  std::set<Id> running_jobs_;
  std::map<std::string, ObservableType, std::less<>> types_;
  std::map<std::string, CustomField, std::less<>> custom_fields_;
  std::set<std::string, std::less<>> case_templates_;
  std::unordered_map<std::string, Id> alert_keys_;
  Id last_id_ = 4096;
};

}  // namespace socbridge::sandbox
