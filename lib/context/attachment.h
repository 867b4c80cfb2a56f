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

// The text, tags and procedures that an enrichment writes to an alert or a case. Idempotent: the
// marker identifies the note; tags and procedures identify themselves.
struct Attachment {
  std::string marker;  // part of the note; a text that no person would write
  std::string title;   // of the note, if it is a page
  std::string text;    // of the note: Markdown; empty: no note
  std::vector<std::string> tags;
  // Tags of observables by id, with the names for display.
  struct ObservableTags {
    std::string id, name;
    std::vector<std::string> tags;
  };
  std::vector<ObservableTags> observable_tags;
  std::vector<thehive::Procedure> procedures;
};

enum class NoteForm { comment, page };  // only cases have pages

struct AttachOptions {
  NoteForm form = NoteForm::comment;
  bool dry_run = false;
};

// One change that was made, or with `dry_run` would be made.
struct Step {
  std::string what;    // comment, page, tags, observable tags, procedures
  std::string target;  // "case ~42", or the observable's value
  std::string result;  // created, changed, unchanged, would create, would change, refused
  std::string detail;  // what was added, or the server's reason
};

// Writes only what is missing or different. With `dry_run` it only reads. Returns a Status if no
// request can succeed; what the server refuses alone (an unknown technique) is a step.
Result<std::vector<Step>> attach(thehive::Client& client, const thehive::Subject& subject,
                                 const Attachment& attachment, const AttachOptions& options,
                                 const Deadline& deadline);

}  // namespace socbridge::context
