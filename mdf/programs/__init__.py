"""Programs: the rules of the marketing money as dated, versioned data.

Words: a *program* has *versions*; a published version never changes; its *document* lists the *activity types* that are
reimbursed, at which share and cap, and which proofs and figures are asked for. Others use `mdf.programs.service`.
"""
