// A page with the chat of @assistant-ui/react as its own examples compose it: thread, messages, composer, action bar and
// branch picker, on its local runtime with a model that streams fixed answers. Nothing is added but attributes.
import {
  ActionBarPrimitive,
  AssistantRuntimeProvider,
  BranchPickerPrimitive,
  type ChatModelAdapter,
  ComposerPrimitive,
  MessagePrimitive,
  ThreadPrimitive,
  useAuiState,
  useLocalRuntime,
} from '@assistant-ui/react';
import { createRoot } from 'react-dom/client';

declare global {
  interface Window {
    /** What the model answers, one after the other. */
    answers: string[];
  }
}

/** Between two words, ms. */
const WORD_MS = 15;

const model: ChatModelAdapter = {
  async *run({ abortSignal }) {
    const words = (window.answers.shift() ?? '').split(' ');
    for (let n = 1; n <= words.length && !abortSignal.aborted; n++) {
      await new Promise((resolve) => setTimeout(resolve, WORD_MS));
      yield { content: [{ type: 'text', text: words.slice(0, n).join(' ') }] };
    }
  },
};

function UserMessage() {
  return (
    <MessagePrimitive.Root className="question">
      <MessagePrimitive.Parts />
      <ActionBarPrimitive.Root>
        <ActionBarPrimitive.Edit>Edit</ActionBarPrimitive.Edit>
      </ActionBarPrimitive.Root>
    </MessagePrimitive.Root>
  );
}

function EditComposer() {
  return (
    <ComposerPrimitive.Root className="edit">
      <ComposerPrimitive.Input />
      <ComposerPrimitive.Cancel>Cancel</ComposerPrimitive.Cancel>
      <ComposerPrimitive.Send>Update</ComposerPrimitive.Send>
    </ComposerPrimitive.Root>
  );
}

function AssistantMessage() {
  const id = useAuiState((state) => `chat:${state.message.id}`);
  const generatedAt = useAuiState((state) => state.message.createdAt.getTime());
  return (
    <MessagePrimitive.Root className="answer">
      <div
        data-tacit-generation={id}
        data-tacit-generated-at={generatedAt}
        data-tacit-prompt="chat"
        data-tacit-model="fixed"
      >
        <MessagePrimitive.Parts />
      </div>
      <BranchPickerPrimitive.Root hideWhenSingleBranch>
        <BranchPickerPrimitive.Previous>Previous</BranchPickerPrimitive.Previous>
        <BranchPickerPrimitive.Number /> / <BranchPickerPrimitive.Count />
        <BranchPickerPrimitive.Next>Next</BranchPickerPrimitive.Next>
      </BranchPickerPrimitive.Root>
      <ActionBarPrimitive.Root hideWhenRunning>
        <ActionBarPrimitive.Copy>Copy</ActionBarPrimitive.Copy>
        <ActionBarPrimitive.Reload data-tacit-action="regenerate" data-tacit-generation={id}>
          Reload
        </ActionBarPrimitive.Reload>
      </ActionBarPrimitive.Root>
    </MessagePrimitive.Root>
  );
}

function Chat() {
  const runtime = useLocalRuntime(model);
  return (
    <AssistantRuntimeProvider runtime={runtime}>
      <ThreadPrimitive.Root>
        <ThreadPrimitive.Viewport>
          <ThreadPrimitive.Messages components={{ UserMessage, AssistantMessage, UserEditComposer: EditComposer }} />
        </ThreadPrimitive.Viewport>
        <ComposerPrimitive.Root className="composer">
          <ComposerPrimitive.Input placeholder="Ask" />
          <ComposerPrimitive.Send>Send</ComposerPrimitive.Send>
        </ComposerPrimitive.Root>
      </ThreadPrimitive.Root>
    </AssistantRuntimeProvider>
  );
}

createRoot(document.querySelector('#root')!).render(<Chat />);
