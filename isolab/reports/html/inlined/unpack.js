// The data in the page: parsed when first asked for, and unpacked case by case (packing.py says how they are packed).

function readData(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

function once(make) {
  let made = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

const index = once(() => readData('index'));
const packed = once(() => readData('data'));

function unpackNode(number) {
  const { nodes, shapes } = packed();
  const node = nodes[number];
  if (!Array.isArray(node)) return node;
  const [shape, ...parts] = node;
  const values = parts.map(unpackNode);
  return shape < 0 ? values : Object.fromEntries(shapes[shape].map((key, place) => [key, values[place]]));
}

function caseAt(place) {
  return unpackNode(packed().roots[place]);
}
