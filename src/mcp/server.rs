//! How does the protocol reach the library? Each request in words of the protocol, its answer in the library's.

use std::sync::Arc;

use rmcp::model::*;
use rmcp::service::{NotificationContext, Peer, RequestContext, SubscriptionContext};
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::json;
use tokio::sync::{broadcast, watch};

use super::answers::Told;
use super::library::{Changed, Library};
use super::pages::{bad_cursor, text, unknown};
use super::tools::known;
use super::turns::Turns;
use super::work::{Progress, Work};
use crate::{Code, Error};

/// A client is told how far work is at most so often.
const PACE: std::time::Duration = std::time::Duration::from_millis(100);

const INSTRUCTIONS: &str = "Finds the skill, tool or document for a task. Ask `suggest` or `auto_route` with the task, then read the \
    instructions of what was found from its `uri`; `emit` gives them as one block. Where nothing was found, `reason` says why.";

type Answered<T> = std::result::Result<T, ErrorData>;

/// One client's side of the library.
pub struct Server {
    library: Arc<Library>,
    turns: Turns,
    /// Ends with the client.
    presence: watch::Sender<()>,
}

impl Server {
    pub fn new(library: &Arc<Library>) -> Server {
        Server { library: Arc::clone(library), turns: Turns::new(), presence: watch::Sender::new(()) }
    }

    /// The side of another client, whose work takes turns with this one's.
    pub fn for_another(&self) -> Server {
        Server { turns: self.turns.clone(), ..Server::new(&self.library) }
    }

    /// Does a tool's work where it may take its time; what nobody waits for any more is not begun, or broken off where it can be.
    async fn work(
        &self,
        params: CallToolRequestParams,
        context: &RequestContext<RoleServer>,
    ) -> Answered<CallToolResult> {
        let is_offered = self.library.shown().tools.iter().any(|tool| tool.name == params.name);
        let tool = known(&params.name).filter(|_| is_offered).ok_or_else(|| no_tool(&params.name))?;
        let (work, _wanted, progress) = Work::new();
        let turn = self.turns.take(&params.name).await.map_err(|error| defect(&error))?;
        let (library, arguments) = (Arc::clone(&self.library), params.arguments.unwrap_or_default());
        let mut done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            tool.answer(&library, arguments, &work)
        });
        let token = context.meta.get_progress_token();
        let told = tokio::select! {
            told = &mut done => told,
            () = tell_progress(context.peer.clone(), token, progress) => done.await,
        };
        let told = told.unwrap_or_else(|error| Err(Error::new(Code::Internal, "the tool broke").caused_by(error)));
        Ok(told.map_or_else(|error| failed(&error), succeeded))
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let capabilities =
            ServerCapabilities::builder().enable_tools().enable_resources().enable_skills_with_directory_read();
        let capabilities = if self.library.follows() {
            capabilities.enable_tool_list_changed().enable_resources_list_changed().build()
        } else {
            capabilities.build()
        };
        let about = Implementation::new("skillmesh", env!("CARGO_PKG_VERSION")).with_title("SkillMesh");
        ServerConfig::new(capabilities).with_server_info(about).with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        params: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Answered<ListToolsResult> {
        without_pages(&params)?;
        Ok(ListToolsResult::with_all_items(self.library.shown().tools.clone()))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.library.shown().tools.iter().find(|tool| tool.name == name).cloned()
    }

    async fn call_tool(
        &self,
        params: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Answered<CallToolResponse> {
        tokio::select! {
            answer = self.work(params, &context) => answer.map(CallToolResponse::from),
            () = context.ct.cancelled() => Err(ErrorData::internal_error("the request was cancelled", None)),
        }
    }

    async fn list_resources(
        &self,
        params: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Answered<ListResourcesResult> {
        let (resources, next_cursor) = self.library.shown().shelf.resources(cursor(&params))?;
        Ok(ListResourcesResult { next_cursor, ..ListResourcesResult::with_all_items(resources) })
    }

    async fn list_resource_templates(
        &self,
        params: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Answered<ListResourceTemplatesResult> {
        without_pages(&params)?;
        Ok(ListResourceTemplatesResult::default())
    }

    async fn read_resource(
        &self,
        params: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Answered<ReadResourceResponse> {
        let shown = self.library.shown();
        let number = shown.shelf.number(&params.uri).ok_or_else(|| no_resource(&params.uri))?;
        let text = text(&shown.skills, number, &params.uri).map_err(|error| defect(&error))?;
        let contents = ResourceContents::text(text, params.uri).with_mime_type("text/markdown");
        Ok(ReadResourceResult::new(vec![contents]).into())
    }

    async fn list_skills(
        &self,
        params: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Answered<ListSkillsResult> {
        let (skills, next_cursor) = self.library.shown().shelf.skills(cursor(&params))?;
        Ok(ListSkillsResult { next_cursor, ..ListSkillsResult::with_all_items(skills) })
    }

    async fn get_skill(
        &self,
        params: GetSkillRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Answered<GetSkillResult> {
        self.library.shown().shelf.skill(&params.uri).map(GetSkillResult::new)
    }

    async fn read_resource_directory(
        &self,
        params: ReadResourceDirectoryRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Answered<ReadResourceDirectoryResult> {
        let (resources, next_cursor) = self.library.shown().shelf.folder(&params.uri, params.cursor.as_deref())?;
        Ok(ListResourcesResult { next_cursor, ..ListResourcesResult::with_all_items(resources) })
    }

    async fn on_initialized(&self, context: NotificationContext<RoleServer>) {
        if self.library.follows() {
            tokio::spawn(tell_changes(context.peer, self.library.changes(), self.presence.subscribe()));
        }
    }

    fn accepted_subscription_filter(&self, requested: &SubscriptionFilter) -> Option<SubscriptionFilter> {
        self.library.follows().then(|| requested.clone())
    }

    async fn listen(&self, context: SubscriptionContext) -> Answered<()> {
        let mut changes = self.library.changes();
        while let Some(Changed { tools, resources }) = next(&mut changes, context.cancelled()).await {
            // What was not subscribed to is not sent.
            if tools {
                drop(context.sink().notify_tool_list_changed().await);
            }
            if resources {
                drop(context.sink().notify_resource_list_changed().await);
            }
        }
        Ok(())
    }
}

/// Tells a client of every change until it is gone.
async fn tell_changes(
    peer: Peer<RoleServer>,
    mut changes: broadcast::Receiver<Changed>,
    mut presence: watch::Receiver<()>,
) {
    while let Some(Changed { tools, resources }) = next(&mut changes, presence.changed()).await {
        // A client that cannot be told now may ask.
        if tools {
            drop(peer.notify_tool_list_changed().await);
        }
        if resources {
            drop(peer.notify_resource_list_changed().await);
        }
    }
}

/// The next change; after some were missed, all there may have been. `None` when there will be none, or whoever listened is gone.
async fn next<T>(changes: &mut broadcast::Receiver<Changed>, gone: impl Future<Output = T>) -> Option<Changed> {
    let changed = tokio::select! {
        changed = changes.recv() => changed,
        _ = gone => return None,
    };
    match changed {
        Ok(changed) => Some(changed),
        Err(broadcast::error::RecvError::Lagged(_)) => Some(Changed { tools: true, resources: true }),
        Err(broadcast::error::RecvError::Closed) => None,
    }
}

/// Tells how far work is, to whom asked for it, until the work is done.
async fn tell_progress(peer: Peer<RoleServer>, token: Option<ProgressToken>, mut progress: watch::Receiver<Progress>) {
    while progress.changed().await.is_ok() {
        let (done, all) = *progress.borrow_and_update();
        if let Some(token) = &token {
            let told = ProgressNotificationParam::new(token.clone(), done as f64).with_total(all as f64);
            drop(peer.notify_progress(told.with_message("embedding")).await);
            tokio::time::sleep(PACE).await;
        }
    }
}

fn succeeded(Told { value, text }: Told) -> CallToolResult {
    let mut result = CallToolResult::structured(value);
    result.content = vec![ContentBlock::text(text)];
    result
}

/// The whole sentence for who reads, with its code before it and beside it.
fn failed(error: &Error) -> CallToolResult {
    let (code, message) = (error.code().as_str(), error.to_string());
    let mut result = CallToolResult::error(vec![ContentBlock::text(format!("{code}: {message}"))]);
    let mut meta = MetaObject::new();
    meta.insert("skillmesh/error".to_owned(), json!({"code": code, "message": message}));
    result.meta = Some(meta);
    result
}

/// Refuses a cursor to what comes as a whole.
fn without_pages(params: &Option<PaginatedRequestParams>) -> Answered<()> {
    cursor(params).map_or(Ok(()), |cursor| Err(bad_cursor(cursor)))
}

fn cursor(params: &Option<PaginatedRequestParams>) -> Option<&str> {
    params.as_ref()?.cursor.as_deref()
}

/// In the code of the client's version of the protocol.
fn no_resource(uri: &str) -> ErrorData {
    ErrorData::resource_not_found(unknown("resource", uri).message, Some(json!({"uri": uri})))
}

fn no_tool(name: &str) -> ErrorData {
    let shown: String = name.chars().take(200).collect();
    ErrorData::invalid_params(format!("no tool is called `{}`; list them first", shown.escape_debug()), None)
}

fn defect(error: &dyn std::error::Error) -> ErrorData {
    ErrorData::internal_error(error.to_string(), None)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rmcp::ServiceExt;
    use tokio::io::AsyncWriteExt;

    use super::*;
    use crate::ExpertCard;
    use crate::mcp::{Skills, Start};

    const HELLO: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},
        "clientInfo":{"name":"t","version":"1"}}}"#;

    fn library() -> Arc<Library> {
        let card = ExpertCard { id: "git".to_owned(), title: "Git".to_owned(), ..ExpertCard::default() };
        let file = std::env::temp_dir().join(format!("skillmesh-present-{}.msgpack", std::process::id()));
        crate::host::write(&file, &crate::host::build(vec![card], None, &|_, _| {}).unwrap()).unwrap();
        let skills = Skills::Snapshot(file.clone());
        let backend = Arc::new(crate::search::Memory);
        let start = Start { skills, docs: None, docs_folder: None, learnt: None, db: None, model: None, backend };
        let library = Arc::new(Library::open(start).unwrap());
        std::fs::remove_file(file).unwrap();
        library
    }

    #[test]
    fn nobody_waits_for_changes_on_behalf_of_a_client_that_has_gone() {
        let library = library();
        let ended = async {
            let (mut client, side) = tokio::io::duplex(1 << 16);
            client.write_all((HELLO.replace('\n', " ") + "\n").as_bytes()).await.unwrap();
            let server = Server::new(&library);
            let presence = server.presence.subscribe();
            let running = server.serve(tokio::io::split(side)).await.unwrap();
            let telling = tokio::spawn(tell_changes(running.peer().clone(), library.changes(), presence));
            drop(client);
            running.waiting().await.unwrap();
            tokio::time::timeout(Duration::from_secs(20), telling).await
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(ended).expect("it ends, though nothing changes").unwrap();
    }
}
