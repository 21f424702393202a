// The scratch product: an answer that streams in, a draft to edit, and a card to throw away, in StrictMode.
import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { tacit } from 'tacit';
import { Generation, useGeneration } from 'tacit/react';

const WORDS = 'Fourteen purple walruses juggle quietly behind the observatory each Wednesday evening.'.split(' ');
const MARKDOWN = `## ${WORDS.join(' ')}\n\n- and nothing else`;

tacit.init({
  key: 'pk_test0001',
  endpoint: new URLSearchParams(location.search).get('collector') ?? '',
  consent: 'granted',
});

function Answer() {
  const [count, setCount] = useState(0);
  const answer = useGeneration('answer-1', { text: MARKDOWN, taskId: 'task-1' });
  useEffect(() => {
    if (count === WORDS.length) return answer.done();
    const timer = setTimeout(() => setCount(count + 1), 20);
    return () => clearTimeout(timer);
  }, [answer, count]);
  return (
    <section>
      <Generation
        as="article"
        id="answer-1"
        promptId="answer"
        promptVersion="7"
        model="finch"
        modelVersion="2"
        className="text"
        aria-busy={count < WORDS.length}
        onClick={(event) => event.currentTarget.classList.add('clicked')}
      >
        {WORDS.slice(0, count).join(' ')}
      </Generation>
      <button id="copy" data-tacit-copy="" onClick={() => void navigator.clipboard.writeText(MARKDOWN)}>
        Copy
      </button>
      <button id="good" onClick={() => answer.rate(1)}>
        Good
      </button>
    </section>
  );
}

function Draft() {
  const [text, setText] = useState(WORDS.join(' '));
  return (
    <Generation
      as="textarea"
      id="draft-1"
      token="t1.unread.here"
      rows={6}
      cols={80}
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}

function Card({ close }: { close: () => void }) {
  const card = useGeneration('card-1', { promptId: 'card' });
  return (
    <div {...card.props} className="card">
      <p>{WORDS.join(' ')}</p>
      <button
        id="dismiss"
        onClick={() => {
          card.reject();
          close();
        }}
      >
        Dismiss
      </button>
    </div>
  );
}

function Product() {
  const [open, setOpen] = useState(true);
  return (
    <main>
      <Answer />
      <Draft />
      {open ? <Card close={() => setOpen(false)} /> : <p id="closed">Dismissed.</p>}
    </main>
  );
}

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <Product />
    </StrictMode>,
  );
