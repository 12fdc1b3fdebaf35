/** Words that the sample database is made of. */

export const givenNames =
  "Anna Lukas Mia Jonas Emma Felix Sophie Maximilian Clara Paul Lena Oskar Ida Theo Marie Anton Nora Emil Greta Karl Camille Hugo Chloé Louis Manon Jules Inès Gabriel Léa Arthur Olivia George Amelia Harry Isla Jack Poppy Alfie Freya Charlie James Mary Robert Patricia Michael Linda David Barbara Elena Mateo Lucía Daan Saar Sem Fleur Elsa Axel Astrid Nils Ingrid Priya Arjun Mei Kenji Fatima Omar Zofia Jakub Aylin Emre".split(
    " ",
  );

export const familyNames =
  "Müller Schmidt Schneider Fischer Weber Wagner Becker Hoffmann Koch Richter Klein Wolf Schröder Neumann Braun Zimmermann Martin Bernard Dubois Durand Leroy Moreau Simon Laurent Lefebvre Roux Smith Jones Taylor Brown Williams Wilson Davies Evans Thomas Roberts Walker Wright Johnson Miller Garcia Anderson Clark Lewis Young Allen King Scott de\u00a0Vries Jansen Bakker Visser Smit Andersson Johansson Karlsson Nilsson Lindberg Patel Sharma Chen Tanaka Hassan Kowalski Nowak Yılmaz Demir".split(
    " ",
  );

export const mailDomains = ["example.com", "example.org", "example.net", "mail.example", "post.example"];

/** Cities with a postal code of theirs; the country code decides formats elsewhere. */
export const places = [
  { country: "DE", city: "Berlin", postal: "10115" },
  { country: "DE", city: "Hamburg", postal: "20095" },
  { country: "DE", city: "München", postal: "80331" },
  { country: "DE", city: "Leipzig", postal: "04109" },
  { country: "FR", city: "Lyon", postal: "69002" },
  { country: "FR", city: "Nantes", postal: "44000" },
  { country: "GB", city: "Bristol", postal: "BS1 4ST" },
  { country: "GB", city: "Leeds", postal: "LS1 3AB" },
  { country: "US", city: "Boston", postal: "02108" },
  { country: "US", city: "Denver", postal: "80202" },
  { country: "NL", city: "Utrecht", postal: "3511 AB" },
  { country: "SE", city: "Göteborg", postal: "411 03" },
] as const;

export const streets =
  "Lindenweg,Bahnhofstraße,Am Mühlbach,Gartenstraße,Rue des Lilas,Rue Victor Hugo,Station Road,Church Lane,Maple Street,Oak Avenue,Kerkstraat,Storgatan,Birkenallee,Hafenstraße,Elm Close".split(
    ",",
  );

export const productLines = [
  { category: "tents", names: ["Ridge Tent", "Tunnel Tent", "Bivouac Shelter", "Family Dome"], from: 129, to: 690 },
  { category: "packs", names: ["Day Pack", "Trekking Pack", "Roll-top Bag", "Running Vest"], from: 39, to: 260 },
  { category: "clothing", names: ["Rain Shell", "Merino Shirt", "Down Jacket", "Trail Trousers"], from: 29, to: 380 },
  { category: "footwear", names: ["Approach Shoe", "Hiking Boot", "Camp Sandal", "Trail Runner"], from: 49, to: 290 },
  { category: "cooking", names: ["Gas Stove", "Titanium Pot", "Camp Mug", "Water Filter"], from: 9, to: 140 },
  { category: "sleeping", names: ["Sleeping Bag", "Air Mat", "Quilt", "Pillow"], from: 19, to: 420 },
] as const;

export const productVariants = "Alder,Birch,Cedar,Dune,Ember,Fjord,Granite,Heath,Juniper,Lichen,Moss,Slate,Tarn".split(
  ",",
);

export const departments = [
  { name: "Customer Care", titles: ["Support Agent", "Support Lead", "Returns Specialist"], from: 34_000, to: 58_000 },
  {
    name: "Engineering",
    titles: ["Software Engineer", "Data Engineer", "Engineering Manager"],
    from: 62_000,
    to: 118_000,
  },
  { name: "Logistics", titles: ["Warehouse Operator", "Dispatcher", "Logistics Planner"], from: 31_000, to: 54_000 },
  { name: "Finance", titles: ["Accountant", "Controller", "Payroll Specialist"], from: 45_000, to: 92_000 },
  { name: "Marketing", titles: ["Content Editor", "Brand Manager", "Analyst"], from: 40_000, to: 78_000 },
] as const;

export const pagePaths = "/,/sale,/cart,/checkout,/account,/account/orders,/help,/help/returns,/stores".split(",");

export const userAgents = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) Safari/17.6",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Mobile/15E148",
  "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Firefox/132.0",
  "Mozilla/5.0 (Linux; Android 15) Mobile Chrome/131.0",
];
