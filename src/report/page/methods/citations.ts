/** What a methods paragraph cites: how the text names it, and its entry. */
export interface Citation {
  readonly text: string;
  /** Of the entry. */
  readonly type: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Works by what an entry is called. */
export type CitationKey =
  | "garst2023"
  | "dennis2021"
  | "lloyd1982"
  | "arthur2007"
  | "jamieson2016"
  | "domingo2002"
  | "hubert1985"
  | "vinh2010"
  | "rousseeuw1987"
  | "davies1979"
  | "calinski1974"
  | "hennig2007"
  | "dwork2014"
  | "canonne2020"
  | "dong2022"
  | "balle2018";

/** In the order in which entries are listed. */
export const CITATIONS: Readonly<Record<CitationKey, Citation>> = {
  garst2023: {
    text: "Garst & Reinders, 2023",
    type: "misc",
    fields: {
      author: "Garst, Swier and Reinders, Marcel",
      title: "Federated K-Means Clustering",
      year: "2023",
      eprint: "2310.01195",
      archivePrefix: "arXiv",
      url: "https://arxiv.org/abs/2310.01195",
    },
  },
  dennis2021: {
    text: "Dennis, Li & Smith, 2021",
    type: "inproceedings",
    fields: {
      author: "Dennis, Don Kurian and Li, Tian and Smith, Virginia",
      title: "Heterogeneity for the Win: One-Shot Federated Clustering",
      booktitle: "Proceedings of the 38th International Conference on Machine Learning",
      series: "Proceedings of Machine Learning Research",
      volume: "139",
      pages: "2611--2620",
      year: "2021",
      url: "https://proceedings.mlr.press/v139/dennis21a.html",
    },
  },
  lloyd1982: {
    text: "Lloyd, 1982",
    type: "article",
    fields: {
      author: "Lloyd, Stuart P.",
      title: "Least squares quantization in {PCM}",
      journal: "IEEE Transactions on Information Theory",
      volume: "28",
      number: "2",
      pages: "129--137",
      year: "1982",
      doi: "10.1109/TIT.1982.1056489",
    },
  },
  arthur2007: {
    text: "Arthur & Vassilvitskii, 2007",
    type: "inproceedings",
    fields: {
      author: "Arthur, David and Vassilvitskii, Sergei",
      title: "k-means++: the advantages of careful seeding",
      booktitle: "Proceedings of the Eighteenth Annual ACM-SIAM Symposium on Discrete Algorithms",
      pages: "1027--1035",
      year: "2007",
    },
  },
  jamieson2016: {
    text: "Jamieson & Talwalkar, 2016",
    type: "inproceedings",
    fields: {
      author: "Jamieson, Kevin and Talwalkar, Ameet",
      title: "Non-stochastic Best Arm Identification and Hyperparameter Optimization",
      booktitle: "Proceedings of the 19th International Conference on Artificial Intelligence and Statistics",
      series: "Proceedings of Machine Learning Research",
      volume: "51",
      pages: "240--248",
      year: "2016",
    },
  },
  domingo2002: {
    text: "Domingo-Ferrer & Mateo-Sanz, 2002",
    type: "article",
    fields: {
      author: "Domingo-Ferrer, Josep and Mateo-Sanz, Josep Maria",
      title: "Practical data-oriented microaggregation for statistical disclosure control",
      journal: "IEEE Transactions on Knowledge and Data Engineering",
      volume: "14",
      number: "1",
      pages: "189--201",
      year: "2002",
      doi: "10.1109/69.979982",
    },
  },
  hubert1985: {
    text: "Hubert & Arabie, 1985",
    type: "article",
    fields: {
      author: "Hubert, Lawrence and Arabie, Phipps",
      title: "Comparing partitions",
      journal: "Journal of Classification",
      volume: "2",
      number: "1",
      pages: "193--218",
      year: "1985",
      doi: "10.1007/BF01908075",
    },
  },
  vinh2010: {
    text: "Vinh, Epps & Bailey, 2010",
    type: "article",
    fields: {
      author: "Vinh, Nguyen Xuan and Epps, Julien and Bailey, James",
      title:
        "Information theoretic measures for clusterings comparison: variants, properties, normalization and correction for chance",
      journal: "Journal of Machine Learning Research",
      volume: "11",
      pages: "2837--2854",
      year: "2010",
    },
  },
  rousseeuw1987: {
    text: "Rousseeuw, 1987",
    type: "article",
    fields: {
      author: "Rousseeuw, Peter J.",
      title: "Silhouettes: a graphical aid to the interpretation and validation of cluster analysis",
      journal: "Journal of Computational and Applied Mathematics",
      volume: "20",
      pages: "53--65",
      year: "1987",
      doi: "10.1016/0377-0427(87)90125-7",
    },
  },
  davies1979: {
    text: "Davies & Bouldin, 1979",
    type: "article",
    fields: {
      author: "Davies, David L. and Bouldin, Donald W.",
      title: "A cluster separation measure",
      journal: "IEEE Transactions on Pattern Analysis and Machine Intelligence",
      volume: "PAMI-1",
      number: "2",
      pages: "224--227",
      year: "1979",
      doi: "10.1109/TPAMI.1979.4766909",
    },
  },
  calinski1974: {
    text: "Caliński & Harabasz, 1974",
    type: "article",
    fields: {
      author: "Cali{\\'n}ski, Tadeusz and Harabasz, Jerzy",
      title: "A dendrite method for cluster analysis",
      journal: "Communications in Statistics",
      volume: "3",
      number: "1",
      pages: "1--27",
      year: "1974",
      doi: "10.1080/03610927408827101",
    },
  },
  hennig2007: {
    text: "Hennig, 2007",
    type: "article",
    fields: {
      author: "Hennig, Christian",
      title: "Cluster-wise assessment of cluster stability",
      journal: "Computational Statistics \\& Data Analysis",
      volume: "52",
      number: "1",
      pages: "258--271",
      year: "2007",
      doi: "10.1016/j.csda.2006.11.025",
    },
  },
  dwork2014: {
    text: "Dwork & Roth, 2014",
    type: "article",
    fields: {
      author: "Dwork, Cynthia and Roth, Aaron",
      title: "The algorithmic foundations of differential privacy",
      journal: "Foundations and Trends in Theoretical Computer Science",
      volume: "9",
      number: "3--4",
      pages: "211--407",
      year: "2014",
      doi: "10.1561/0400000042",
    },
  },
  canonne2020: {
    text: "Canonne, Kamath & Steinke, 2020",
    type: "inproceedings",
    fields: {
      author: "Canonne, Cl{\\'e}ment L. and Kamath, Gautam and Steinke, Thomas",
      title: "The discrete {Gaussian} for differential privacy",
      booktitle: "Advances in Neural Information Processing Systems",
      volume: "33",
      pages: "15676--15688",
      year: "2020",
    },
  },
  dong2022: {
    text: "Dong, Roth & Su, 2022",
    type: "article",
    fields: {
      author: "Dong, Jinshuo and Roth, Aaron and Su, Weijie J.",
      title: "Gaussian differential privacy",
      journal: "Journal of the Royal Statistical Society Series B: Statistical Methodology",
      volume: "84",
      number: "1",
      pages: "3--37",
      year: "2022",
      doi: "10.1111/rssb.12454",
    },
  },
  balle2018: {
    text: "Balle & Wang, 2018",
    type: "inproceedings",
    fields: {
      author: "Balle, Borja and Wang, Yu-Xiang",
      title:
        "Improving the {Gaussian} mechanism for differential privacy: analytical calibration and optimal denoising",
      booktitle: "Proceedings of the 35th International Conference on Machine Learning",
      series: "Proceedings of Machine Learning Research",
      volume: "80",
      pages: "394--403",
      year: "2018",
    },
  },
};

/** A work's BibTeX. */
export function bibtexOf(key: CitationKey): string {
  const { type, fields } = CITATIONS[key];
  return entry(type, key, fields);
}

/** The entry of this software. */
export function softwareEntry(version: string | null): string {
  return entry("software", "fedkmeans", {
    author: "{The fedkmeans authors}",
    title: "fedkmeans: federated k-means clustering in {TypeScript}",
    ...(version !== null && { version }),
  });
}

function entry(type: string, key: string, fields: Readonly<Record<string, string>>): string {
  const lines = Object.entries(fields).map(([name, value]) => `  ${name} = {${value}},`);
  return `@${type}{${key},\n${lines.join("\n")}\n}`;
}
