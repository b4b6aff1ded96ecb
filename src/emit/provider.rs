//! Who will read the block?

use std::str::FromStr;

use super::content::Style;
use super::forms::{self, Writer};
use crate::{Code, Error, Result};

/// An agent, or the format that one reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Markdown for Codex.
    Codex,
    /// XML for Claude.
    Claude,
    /// The `<available_skills>` of the Agent Skills client guide: names, descriptions and where to read on.
    AgentSkills,
    /// Tools of Anthropic's Messages API.
    AnthropicTools,
    /// The content of an Anthropic tool result that loads tools: a `tool_reference` a card.
    AnthropicToolReferences,
    /// The content of an Anthropic tool result that can be cited: a `search_result` a card or document.
    AnthropicSearchResults,
    /// Tools of OpenAI's chat completions.
    OpenaiTools,
    /// Tools of OpenAI's responses.
    OpenaiResponses,
    /// The `tool_search_output` of OpenAI's responses.
    OpenaiToolSearch,
    /// Tools and skills as a Model Context Protocol server lists them.
    Mcp,
    /// A part of an `AGENTS.md`.
    AgentsMd,
    /// An `llms.txt`.
    LlmsTxt,
    /// A rule file of Cursor.
    CursorMdc,
    /// A part of Copilot's `copilot-instructions.md`.
    CopilotInstructions,
    /// The tools and active tools of the Vercel AI SDK.
    VercelAi,
    /// Documents of LangChain.
    Langchain,
    /// Everything, as one JSON object.
    Json,
    /// Everything, a JSON object a line.
    Jsonl,
}

impl Provider {
    /// Every provider.
    pub const ALL: [Provider; 18] = [
        Provider::Codex,
        Provider::Claude,
        Provider::AgentSkills,
        Provider::AnthropicTools,
        Provider::AnthropicToolReferences,
        Provider::AnthropicSearchResults,
        Provider::OpenaiTools,
        Provider::OpenaiResponses,
        Provider::OpenaiToolSearch,
        Provider::Mcp,
        Provider::AgentsMd,
        Provider::LlmsTxt,
        Provider::CursorMdc,
        Provider::CopilotInstructions,
        Provider::VercelAi,
        Provider::Langchain,
        Provider::Json,
        Provider::Jsonl,
    ];

    /// The provider in one word.
    ///
    /// ```
    /// use skillmesh::emit::Provider;
    /// assert!(Provider::ALL.iter().all(|provider| provider.name().parse().is_ok_and(|same: Provider| same == *provider)));
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Provider::Codex => "codex",
            Provider::Claude => "claude",
            Provider::AgentSkills => "agent-skills",
            Provider::AnthropicTools => "anthropic-tools",
            Provider::AnthropicToolReferences => "anthropic-tool-references",
            Provider::AnthropicSearchResults => "anthropic-search-results",
            Provider::OpenaiTools => "openai-tools",
            Provider::OpenaiResponses => "openai-responses",
            Provider::OpenaiToolSearch => "openai-tool-search",
            Provider::Mcp => "mcp",
            Provider::AgentsMd => "agents-md",
            Provider::LlmsTxt => "llms-txt",
            Provider::CursorMdc => "cursor-mdc",
            Provider::CopilotInstructions => "copilot-instructions",
            Provider::VercelAi => "vercel-ai",
            Provider::Langchain => "langchain",
            Provider::Json => "json",
            Provider::Jsonl => "jsonl",
        }
    }

    /// Refuses what its form has no place for, which would be lost without a word.
    pub fn check(self, documents: bool, style: &Style) -> Result<()> {
        let refused = |what| Error::new(Code::InvalidArgument, what).got(format!("`{}`", self.name()));
        if documents && !self.has_documents() {
            let help = "emit the cards without documents, and the documents for another provider";
            return Err(refused("this provider's form has no place for documents").help(help));
        }
        if style.defer_loading && !self.has_deferred_tools() {
            let expected = "`anthropic-tools`, `openai-responses` or `openai-tool-search`";
            return Err(refused("this provider's form has no deferred loading").expected(expected));
        }
        Ok(())
    }

    /// Whether its form has a place for documents.
    pub fn has_documents(self) -> bool {
        use Provider::{
            AgentSkills, AnthropicToolReferences, AnthropicTools, Mcp, OpenaiResponses, OpenaiToolSearch, OpenaiTools,
            VercelAi,
        };
        let are_tools = matches!(
            self,
            AnthropicToolReferences | AnthropicTools | OpenaiResponses | OpenaiToolSearch | OpenaiTools | VercelAi
        );
        !(are_tools || matches!(self, AgentSkills | Mcp))
    }

    /// Whether its tools can say that they are loaded when they are searched for.
    fn has_deferred_tools(self) -> bool {
        matches!(self, Provider::AnthropicTools | Provider::OpenaiResponses | Provider::OpenaiToolSearch)
    }

    /// What writes its form.
    pub fn writer(self) -> Writer {
        match self {
            Provider::Codex => forms::codex,
            Provider::Claude => forms::claude,
            Provider::AgentSkills => forms::agent_skills,
            Provider::AnthropicTools => forms::anthropic_tools,
            Provider::AnthropicToolReferences => forms::anthropic_tool_references,
            Provider::AnthropicSearchResults => forms::anthropic_search_results,
            Provider::OpenaiTools => forms::openai_tools,
            Provider::OpenaiResponses => forms::openai_responses,
            Provider::OpenaiToolSearch => forms::openai_tool_search,
            Provider::Mcp => forms::mcp,
            Provider::AgentsMd | Provider::CopilotInstructions => forms::markdown,
            Provider::LlmsTxt => forms::llms_txt,
            Provider::CursorMdc => forms::cursor_mdc,
            Provider::VercelAi => forms::vercel_ai,
            Provider::Langchain => forms::langchain,
            Provider::Json => forms::json,
            Provider::Jsonl => forms::jsonl,
        }
    }

    /// What writes its form in the retriever's wasm module, which holds only the forms that pages ask for most; the
    /// others are written by a module of their own from what [`Provider::Json`] says.
    pub fn writer_at_hand(self) -> Option<Writer> {
        match self {
            Provider::Codex => Some(forms::codex),
            Provider::Claude => Some(forms::claude),
            Provider::Json => Some(forms::json),
            _ => None,
        }
    }
}

impl FromStr for Provider {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Provider::ALL.into_iter().find(|provider| provider.name() == name).ok_or_else(|| {
            Error::new(Code::InvalidArgument, "unknown provider")
                .expected(format!(
                    "one of {}",
                    Provider::ALL.map(|provider| format!("`{}`", provider.name())).join(", ")
                ))
                .got(format!("`{}`", name.escape_debug()))
        })
    }
}
