// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "thehive/alert.h"
#include "thehive/client.h"
#include "thehive/subject.h"

namespace socbridge::context {

// What an enrichment writes to an alert or a case of TheHive. The same attachment written twice is
// written once: the note is known again by its marker, tags and procedures by themselves.
struct Attachment {
  std::string marker;  // stands in the note, unlike anything a person writes
  std::string title;   // of the note, if it is a page
  std::string text;    // of the note: Markdown; empty: no note
  std::vector<std::string> tags;
  // Tags of observables, by their id, with what people call them.
  struct ObservableTags {
    std::string id, name;
    std::vector<std::string> tags;
  };
  std::vector<ObservableTags> observable_tags;
  std::vector<thehive::Procedure> procedures;
};

enum class NoteForm { comment, page };  // pages are of cases only

struct AttachOptions {
  NoteForm form = NoteForm::comment;
  bool dry_run = false;
};

// One thing that was, or would be, written.
struct Step {
  std::string what;    // comment, page, tags, observable tags, procedures
  std::string target;  // "case ~42", or the observable's value
  std::string result;  // created, changed, unchanged, would create, would change, refused
  std::string detail;  // what was added, or the server's reason
};

// Writes what is not there or is different, and only that. With `dry_run` it only looks. A Status
// if nothing more can be done; what the server refuses alone (an unknown technique) is a step.
Result<std::vector<Step>> attach(thehive::Client& client, const thehive::Subject& subject,
                                 const Attachment& attachment, const AttachOptions& options,
                                 const Deadline& deadline);

}  // namespace socbridge::context
